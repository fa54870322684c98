-- name: find_current_run
-- The run whose result is in force, with the list that the catalogue has its structure of.
select u.number, u.is_full, u.revision, u.changes, u.plan_id, l.name as price_list, u.structure_revision
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current
join price_list l on l.id = u.structure_list
where a.organization_id = :organization_id

-- name: list_entries
-- The newest first. Each run has its number; an attempt comes after the run that was the newest then.
-- A run leads from where the run of the number before it had led: an undo has the pins of the run that it restored.
select e.*, led.name as price_list, before_list.name as from_price_list, before.revision as from_revision,
       a.current
from catalogue_assignment a
join (
  select u.organization_id, u.number, 0 as attempt, 'applied' as outcome, null as reason, null as message,
         u.price_list_id, u.revision, u.is_full, u.sell_prices, u.names, u.restored, u.undone_by, u.plan_id, u.changes, u.overrides_kept,
         u.requested_by, u.requested_at, u.asked_by, u.asked_at, u.finished_at, u.number - 1 as before
  from catalogue_update u
  union all
  select t.organization_id, t.newest, t.attempt, t.outcome, t.reason, t.message,
         t.price_list_id, t.revision, t.is_full, t.sell_prices, t.names, t.restored, null, t.plan_id, '{}', 0,
         t.requested_by, t.requested_at, t.asked_by, t.asked_at, t.finished_at, t.newest
  from catalogue_attempt t
) e on e.organization_id = a.organization_id
left join price_list led on led.id = e.price_list_id
left join catalogue_update before on before.organization_id = e.organization_id and before.number = e.before
left join price_list before_list on before_list.id = before.price_list_id
where a.organization_id = :organization_id
  and (cast(:only_run as integer) is null or (e.number, e.attempt) = (:only_run, 0))
  and (cast(:before_run as integer) is null or (e.number, e.attempt) < (:before_run, :before_attempt))
order by e.number desc, e.attempt desc
limit :limit

-- name: find_last_attempt
-- The newest attempt behind the newest run, if there is one.
select t.outcome, t.reason, t.message, t.plan_id, t.restored
from catalogue_assignment a
join catalogue_attempt t on t.organization_id = a.organization_id and t.newest = a.last_number
where a.organization_id = :organization_id
order by t.attempt desc
limit 1

-- name: record_attempt
-- Record a run that was refused or failed. It stands behind the newest run, and behind earlier attempts since.
insert into catalogue_attempt (
  organization_id, newest, attempt, outcome, reason, message, price_list_id, revision, is_full, sell_prices, names,
  restored, plan_id, requested_by, requested_at, asked_by, asked_at, finished_at
)
select a.organization_id, a.last_number,
       (select count(*) + 1 from catalogue_attempt t
        where t.organization_id = a.organization_id and t.newest = a.last_number),
       :outcome, :reason, :message, cast(:price_list_id as integer), cast(:revision as integer), cast(:is_full as boolean),
       cast(:sell_prices as boolean), cast(:names as boolean), cast(:restored as integer), :plan_id,
       :requested_by, :started_at, :asked_by, cast(:asked_at as timestamptz), :finished_at
from catalogue_assignment a
where a.organization_id = :organization_id
