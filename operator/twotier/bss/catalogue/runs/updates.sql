-- name: write_first_update
-- Give a tenant its catalogue, unless it has one: the first run is a full update with both options, of one list alone.
with assigned as (
  insert into catalogue_assignment (organization_id, current, last_number) values (:organization_id, 1, 1)
  on conflict do nothing
  returning organization_id
)
insert into catalogue_update (
  organization_id, number, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override,
  requested_by, requested_at, finished_at, changes,
  first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
)
select a.organization_id, 1, v.list, v.revision, true, true, true, 0, 0,
       :requested_by, :started_at, :finished_at, cast(:changes as jsonb), v.list, v.revision, 1, v.list, v.revision,
       v.list, v.revision, v.list, v.revision, 0,
       v.list, v.revision, v.list, v.revision, 0
from assigned a
cross join (values (cast(:price_list_id as integer), cast(:revision as integer))) v(list, revision)
returning number

-- name: write_updates
-- Write one update of many tenants, one row each. A tenant whose newest number is not the expected one is left out; so a
-- lock that had to wait for another run finds nothing to write. Rows are locked in one order, so that two fleets cannot
-- wait for each other.
with locked as (
  select a.organization_id, a.current, a.last_number, a.last_override
  from unnest(cast(:organization_ids as uuid[]), cast(:expected_newest as integer[])) e(organization_id, newest)
  join catalogue_assignment a on a.organization_id = e.organization_id and a.last_number = e.newest
  order by a.organization_id
  for update of a
), moved as (
  update catalogue_assignment a
  set current = l.last_number + 1, last_number = l.last_number + 1
  from locked l
  where a.organization_id = l.organization_id
  returning a.organization_id, l.current as previous, a.last_number as number, l.last_override,
            least(cast(:watermark as integer), l.last_override) as watermark
), chosen(list, revision, is_full, sell_prices, names) as (
  values (cast(:price_list_id as integer), cast(:revision as integer),
          cast(:is_full as boolean), cast(:sell_prices as boolean), cast(:names as boolean))
)
insert into catalogue_update (
  organization_id, number, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override,
  requested_by, requested_at, plan_id, asked_by, asked_at, finished_at, changes,
  first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
)
select m.organization_id, m.number, c.list, c.revision, c.is_full, c.sell_prices, c.names, m.watermark, m.last_override,
       :requested_by, :started_at, :plan_id, :asked_by, cast(:asked_at as timestamptz), :finished_at, cast(:changes as jsonb),
       h.first_list, h.first_revision, s.number, s.list, s.revision,
       case when c.sell_prices then c.list else h.sell_list end,
       case when c.sell_prices then c.revision else h.sell_revision end,
       case when c.sell_prices then s.list else h.sell_known_list end,
       case when c.sell_prices then s.revision else h.sell_known_revision end,
       case when c.sell_prices then greatest(m.watermark, h.sell_watermark) else h.sell_watermark end,
       case when c.names then c.list else h.names_list end,
       case when c.names then c.revision else h.names_revision end,
       case when c.names then s.list else h.names_known_list end,
       case when c.names then s.revision else h.names_known_revision end,
       case when c.names then greatest(m.watermark, h.names_watermark) else h.names_watermark end
from moved m
join catalogue_update h on h.organization_id = m.organization_id and h.number = m.previous
cross join chosen c
cross join lateral (
  select case when c.is_full then m.number else h.structure_number end,
         case when c.is_full then c.list else h.structure_list end,
         case when c.is_full then c.revision else h.structure_revision end) s(number, list, revision)
returning organization_id, number

-- name: write_undo
-- Restore an earlier update of a tenant's catalogue that was not undone; the runs since are marked as undone.
with locked as (
  select organization_id, current, last_number, last_override
  from catalogue_assignment
  where organization_id = :organization_id and last_number = :expected_newest
  for update
), target as (
  select u.*, l.last_number + 1 as undo_number, l.last_override
  from locked l
  join catalogue_update u on u.organization_id = l.organization_id and u.number = :restored
  where u.in_force and u.number < l.current
), undone as (
  update catalogue_update u
  set undone_by = t.undo_number
  from target t
  where u.organization_id = t.organization_id and u.number > t.number and u.in_force
), moved as (
  update catalogue_assignment a
  set current = t.number, last_number = t.undo_number
  from target t
  where a.organization_id = t.organization_id
)
insert into catalogue_update (
  organization_id, number, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override,
  restored, requested_by, requested_at, asked_by, asked_at, finished_at, changes, overrides_kept,
  first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
)
select organization_id, undo_number, price_list_id, revision, is_full, sell_prices, names, last_override, last_override,
       number, :requested_by, :started_at, :asked_by, cast(:asked_at as timestamptz), :finished_at, cast(:changes as jsonb),
       cast(:overrides_kept as integer),
       first_list, first_revision, structure_number, structure_list, structure_revision,
       sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
       names_list, names_revision, names_known_list, names_known_revision, names_watermark
from target
returning number

-- name: find_states
-- Where the catalogues of some tenants stand: their numbers, and the pins in force.
select a.last_number, p.*
from catalogue_assignment a
join catalogue_pins p using (organization_id)
where organization_id = any(cast(:organization_ids as uuid[]))
