-- What a reseller's overrides are checked against. Both run as twotier_reader, for the organization of the transaction.
set local role twotier_reader;

-- The categories of the lists that were applied to the tenant, by their names there.
create view tenant_categories with (security_barrier) as
select distinct q.category
from product q
where q.category is not null
  and exists (select from catalogue_update e
              where e.organization_id = (select current_organization()) and e.in_force and e.is_full
                and covers(q.price_list_id, q.from_revision, q.to_revision, e.price_list_id, e.revision));
grant select on tenant_categories to twotier_api;

-- Whether a product type came down: only the distributor makes products of it.
create function catalogue_has_product_type(p_type text) returns boolean
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select exists (
    select from catalogue_update e
    join product q on covers(q.price_list_id, q.from_revision, q.to_revision, e.price_list_id, e.revision)
    where e.organization_id = current_organization() and e.in_force and e.is_full and q.product_type = p_type)
$$;
revoke execute on function catalogue_has_product_type from public;
grant execute on function catalogue_has_product_type to twotier_api;

set local role twotier_owner;
