select t.outcome, t.reason, t.message, t.plan_id, t.restored
from catalogue_assignment a
join catalogue_attempt t on t.organization_id = a.organization_id and t.newest = a.last_number
where a.organization_id = :organization_id
order by t.attempt desc
limit 1
