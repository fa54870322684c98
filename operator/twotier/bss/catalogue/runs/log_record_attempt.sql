-- It stands behind the newest run, and behind what was asked for in vain since.
insert into catalogue_attempt (
  organization_id, newest, attempt, outcome, reason, message, price_list_id, revision, is_full, sell_prices, names,
  restored, plan_id, requested_by, requested_at, asked_by, asked_at, finished_at
)
select a.organization_id, a.last_number,
       (select count(*) + 1 from catalogue_attempt t
        where t.organization_id = a.organization_id and t.newest = a.last_number),
       :outcome, :reason, :message, cast(:price_list_id as integer), cast(:revision as integer), cast(:is_full as boolean),
       cast(:sell_prices as boolean), cast(:names as boolean), cast(:restored as integer), :plan_id,
       :requested_by, :started_at, :asked_by, cast(:asked_at as timestamptz), :now
from catalogue_assignment a
where a.organization_id = :organization_id
