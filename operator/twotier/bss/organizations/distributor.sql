-- name: find_distributor
-- Find a root organisation that was declared, with its settings, by namespace and name.
select o.id, o.display_name, o.country, o.time_zone, o.currency, h.name as storefront_domain
from organization o
join distributor d on d.organization_id = o.id
left join reserved_host h on h.organization_id = o.id
where o.namespace = :namespace and o.name = :name

-- name: list_known_countries
-- List those of some codes that are a country's.
select code from country where code = any(cast(:codes as text[]))

-- name: declare_root
-- Make the root organisation of a namespace and name, or change it where it differs. The currency never changes.
insert into organization (id, namespace, name, display_name, country, time_zone, currency, created_at)
select cast(:new_id as uuid), d.*, cast(:now as timestamptz)
from (values (cast(:namespace as text), cast(:name as text), cast(:display_name as text), cast(:country as char(2)),
              cast(:time_zone as text), cast(:currency as char(3))))
     as d (namespace, name, display_name, country, time_zone, currency)
where not exists (
  select from organization o
  where o.namespace = d.namespace and o.name = d.name
    and (o.display_name, o.country, o.time_zone) = (d.display_name, d.country, d.time_zone)
)
on conflict (namespace, name) do update
set display_name = excluded.display_name, country = excluded.country, time_zone = excluded.time_zone

-- name: find_currency
-- Find a root organisation and the currency that it was made with, by namespace and name.
select id, currency from organization where namespace = :namespace and name = :name

-- name: declare_settings
-- Make a root organisation's settings those of a document: remove what is not declared any more, write what differs.
with document as (
  select cast(:settings as jsonb) as settings
),
root as (
  insert into distributor (organization_id, record_owner, record_permission_rule)
  select :organization_id, settings->>'record_owner', settings->>'record_permission_rule'
  from document
  except
  select organization_id, record_owner, record_permission_rule
  from distributor where organization_id = :organization_id
  on conflict (organization_id) do update
  set record_owner = excluded.record_owner, record_permission_rule = excluded.record_permission_rule
),
invoicing as (
  insert into automatic_invoicing (organization_id, enabled, send_by_email, responsible_user)
  select :organization_id, (i->>'enabled')::boolean, (i->>'send_by_email')::boolean, i->>'responsible_user'
  from document, jsonb_extract_path(settings, 'automatic_invoicing') i
  except
  select organization_id, enabled, send_by_email, responsible_user
  from automatic_invoicing where organization_id = :organization_id
  on conflict (organization_id) do update
  set enabled = excluded.enabled, send_by_email = excluded.send_by_email, responsible_user = excluded.responsible_user
),

declared_country as (
  select code::char(2) from document, jsonb_array_elements_text(settings->'countries') code
),
country_gone as (
  delete from distributor_country
  where organization_id = :organization_id and country not in (table declared_country)
),
country_declared as (
  insert into distributor_country (organization_id, country)
  select :organization_id, code from declared_country
  except
  select organization_id, country from distributor_country where organization_id = :organization_id
),

declared_tax as (
  select tax.* from document, jsonb_to_recordset(settings->'taxes') tax (name text, percent numeric, product_types jsonb)
),
declared_tax_rule as (
  select t.name as tax, product_type
  from declared_tax t
  -- without product types the tax applies to all, which is one rule without a type
  cross join jsonb_array_elements_text(coalesce(nullif(t.product_types, 'null'), '[null]')) product_type
),
tax_gone as (
  delete from tax
  where organization_id = :organization_id and name not in (select name from declared_tax)
),
tax_declared as (
  insert into tax (organization_id, name, percent)
  select :organization_id, name, percent from declared_tax
  except
  select organization_id, name, percent from tax where organization_id = :organization_id
  on conflict (organization_id, name) do update set percent = excluded.percent
),
tax_rule_gone as (
  delete from tax_rule t
  where t.organization_id = :organization_id
    -- those of a tax that is gone go with it
    and t.tax in (select name from declared_tax)
    and not exists (
      select from declared_tax_rule d where d.tax = t.tax and d.product_type is not distinct from t.product_type
    )
),
tax_rule_declared as (
  insert into tax_rule (organization_id, tax, product_type)
  select :organization_id, tax, product_type from declared_tax_rule
  except
  select organization_id, tax, product_type from tax_rule where organization_id = :organization_id
),

declared_method as (
  select method.* from document, jsonb_to_recordset(settings->'payment_methods') method (name text, gateway text)
),
method_gone as (
  delete from payment_method
  where organization_id = :organization_id and name not in (select name from declared_method)
),
method_declared as (
  insert into payment_method (organization_id, name, gateway)
  select :organization_id, name, gateway from declared_method
  except
  select organization_id, name, gateway from payment_method where organization_id = :organization_id
  on conflict (organization_id, name) do update set gateway = excluded.gateway
),

declared_platform as (
  select platform.*
  from document,
       jsonb_to_recordset(settings->'platforms') platform (name text, link_required boolean, product_types jsonb)
),
declared_type as (
  select product_type, p.name as platform
  from declared_platform p, jsonb_array_elements_text(p.product_types) product_type
),
platform_gone as (
  delete from platform
  where organization_id = :organization_id and name not in (select name from declared_platform)
),
platform_declared as (
  insert into platform (organization_id, name, link_required)
  select :organization_id, name, link_required from declared_platform
  except
  select organization_id, name, link_required from platform where organization_id = :organization_id
  on conflict (organization_id, name) do update set link_required = excluded.link_required
),
type_gone as (
  delete from platform_product_type
  where organization_id = :organization_id and product_type not in (select product_type from declared_type)
)
insert into platform_product_type (organization_id, product_type, platform)
select :organization_id, product_type, platform from declared_type
except
select organization_id, product_type, platform from platform_product_type where organization_id = :organization_id
on conflict (organization_id, product_type) do update set platform = excluded.platform
