-- name: find_tenant
-- Find a distributor's tenant by the number of its account.
select o.id as organization_id, o.account_number as account, o.display_name as name, t.phase, t.edition, o.currency
from organization o
join tenant t on t.organization_id = o.id
where o.root_id = :distributor_id and o.account_number = :account

-- name: find_price_list
-- Find a distributor's price list by its name.
select id, name, currency, active, valid_from, valid_until
from price_list
where organization_id = :distributor_id and name = :name

-- name: list_price_list_names
-- List the names of price lists.
select id, name from price_list where id = any(:price_list_ids)
