-- name: make_groups
-- Make the group "common" of a new tenant, which everybody is in, and the rule "common all", which lets it do
-- everything.
with common as (
  insert into staff_group (organization_id, name, is_default) values (:organization_id, 'common', true)
  on conflict do nothing
)
insert into permission_rule (organization_id, name, staff_group, module, access)
values (:organization_id, 'common all', 'common', null, 'full')
on conflict do nothing

-- name: copy_taxes
-- Copy the taxes of the root to a tenant in the same country: the rules for all product types, and those for the types
-- of a price list. Each type is covered once.
with uncovered as (
  select cast(null as text) as product_type
  union all
  select product_types(cast(:price_list_id as integer), cast(:revision as integer))
  except
  select product_type from tax_coverage where organization_id = :organization_id
),
fitting as (
  select r.tax, t.percent, r.product_type
  from organization tenant
  join organization root on root.id = tenant.root_id and root.country = tenant.country
  join tax_rule r on r.organization_id = root.id
  join tax t on t.organization_id = root.id and t.name = r.tax
  join uncovered u on u.product_type is not distinct from r.product_type
  where tenant.id = :organization_id
),
covered as (
  insert into tax_coverage (organization_id, product_type)
  select :organization_id, product_type from uncovered
),
copied as (
  insert into tax (organization_id, name, percent)
  select distinct cast(:organization_id as uuid), tax, percent from fitting
  on conflict do nothing
)
insert into tax_rule (organization_id, tax, product_type)
select :organization_id, tax, product_type from fitting
on conflict do nothing

-- name: copy_payment_methods
-- Copy the payment methods of the root that are not tied to a gateway; gateways are the reseller's own affair.
insert into payment_method (organization_id, name)
select tenant.id, m.name
from organization tenant
join payment_method m on m.organization_id = tenant.root_id and m.gateway is null
where tenant.id = :organization_id
on conflict do nothing

-- name: copy_automatic_invoicing
-- Copy the options of automatic invoices of the root; where they point to a user of the root, that is the tenant's
-- administrator.
insert into automatic_invoicing (organization_id, enabled, send_by_email, responsible_staff_id)
select tenant.id, i.enabled, i.send_by_email, s.id
from organization tenant
join automatic_invoicing i on i.organization_id = tenant.root_id
left join staff s on s.organization_id = tenant.id and s.is_administrator and i.responsible_user is not null
where tenant.id = :organization_id
on conflict do nothing

-- name: connect_platforms
-- Connect a tenant to each platform that provisions a product type of a price list, with what the platform calls the
-- reseller.
insert into platform_connection (organization_id, platform, system_name, reference)
select distinct tenant.id, t.platform, t.platform, l.reference
from organization tenant
join platform_product_type t on t.organization_id = tenant.root_id
left join account_link l on l.organization_id = tenant.root_id and l.account_number = tenant.account_number
                        and l.platform = t.platform
where tenant.id = :organization_id
  and t.product_type in (select product_types(cast(:price_list_id as integer), cast(:revision as integer)))
on conflict do nothing
