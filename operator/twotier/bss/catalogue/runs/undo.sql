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
  restored, requested_by, requested_at, asked_by, asked_at, finished_at, changes, own_values_kept,
  first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
)
select organization_id, undo_number, price_list_id, revision, is_full, sell_prices, names, last_override, last_override,
       number, :requested_by, :started_at, :asked_by, cast(:asked_at as timestamptz), :now, cast(:changes as jsonb),
       cast(:own_values_kept as integer),
       first_list, first_revision, structure_number, structure_list, structure_revision,
       sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
       names_list, names_revision, names_known_list, names_known_revision, names_watermark
from target
returning number
