-- Taxes of the root for a tenant in the same country: rules for all product types, and for those of a list. Each type
-- is covered once.
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
