-- The newest first. Each run has its number; what was asked for in vain stands after the run that was the newest then.
-- A run leads from where the run of the number before it had led: an undo has the pins of the run that it restored.
select e.*, led.name as price_list, before_list.name as from_price_list, before.revision as from_revision,
       a.current
from catalogue_assignment a
join (
  select u.organization_id, u.number, 0 as attempt, 'applied' as outcome, null as reason, null as message,
         u.price_list_id, u.revision, u.is_full, u.sell_prices, u.names, u.restored, u.undone_by, u.plan_id, u.changes, u.own_values_kept,
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
