-- name: find_history
-- All that a tenant's inherited catalogue follows from, as one digest: its runs in force, in their order.
select a.last_number, a.last_override,
       encode(sha256(convert_to(string_agg(
         concat_ws(' ', u.price_list_id, u.revision, u.is_full, u.sell_prices, u.names), ',' order by u.number
       ), 'UTF8')), 'hex') as history
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.in_force
where a.organization_id = :organization_id
group by a.organization_id
