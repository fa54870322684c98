select o.id as organization_id, o.account_number as account, o.display_name as name, t.phase, t.edition, o.currency
from organization o
join tenant t on t.organization_id = o.id
where o.root_id = :distributor_id and o.account_number = :account
