-- One row of everything a tenant's preparation depends on.
with list as (
  select l.id, l.currency, l.active, l.valid_from, l.valid_until,
         coalesce(cast(:revision as integer), l.head_revision) as revision
  from price_list l
  where l.organization_id = :distributor_id and l.name = cast(:price_list as text)
),
found as (
  select o.id, o.currency, t.phase, t.activated_at, c.rotation, c.staff_id is not null as has_credentials
  from organization o
  left join tenant t on t.organization_id = o.id
  left join staff s on s.organization_id = o.id and s.is_administrator
  left join staff_credential c on c.organization_id = o.id and c.staff_id = s.id
  where o.root_id = :distributor_id and o.account_number = :account_number
)
select
  found.id as organization_id,
  found.phase,
  found.currency,
  found.activated_at,
  coalesce(found.has_credentials, false) as has_credentials,
  found.rotation as credentials_rotation,
  (select organization_id from storefront_address where host = cast(:host as text)) as address_holder,
  exists (select from country where code = cast(:country as char(2)))
    and (exists (select from distributor_country
                 where organization_id = :distributor_id and country = cast(:country as char(2)))
      or not exists (select from distributor_country where organization_id = :distributor_id)) as country_known,
  list.id as price_list_id,
  list.currency as price_list_currency,
  list.active as price_list_active,
  list.valid_from,
  list.valid_until,
  list.revision,
  (select r.offers from price_list_revision r where r.price_list_id = list.id and r.revision = list.revision) as offers,
  array(
    select distinct t.platform
    from product_types(list.id, list.revision) sold
    join platform_product_type t on t.organization_id = :distributor_id and t.product_type = sold
    join platform p on p.organization_id = t.organization_id and p.name = t.platform
    where p.link_required
  ) as required_platforms,
  (select count(*) from payment_method where organization_id = :distributor_id and gateway is null) as payment_methods
from (select) as one_row
left join found on true
left join list on true
