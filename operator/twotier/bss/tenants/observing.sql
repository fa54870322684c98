-- name: observe_tenant
-- Find everything that a tenant's preparation depends on, in one row, and whether what is declared of it stands
-- already.
with declared as (
  select d.*
  from jsonb_to_record(cast(:declared as jsonb)) d (
    account jsonb, country char(2), time_zone text, edition text, language text, date_format text,
    separate_invoices boolean, billing_day smallint, alias text, host text, branding jsonb, administrator jsonb
  )
),
list as (
  select l.id, l.currency, l.active, l.valid_from, l.valid_until, l.head_revision as newest,
         coalesce(cast(:revision as integer), l.head_revision) as revision
  from price_list l
  where l.organization_id = :distributor_id and l.name = cast(:price_list as text)
),
found as (
  select o.id, o.currency, t.phase, t.activated_at, c.rotation, c.staff_id is not null as has_credentials,
         o.display_name = d.account->>'name'
           and o.country = coalesce(d.country, o.country)
           and o.time_zone = d.time_zone
           and t.edition = d.edition
           and t.language = d.language
           and t.date_format = d.date_format
           and t.separate_invoices = d.separate_invoices
           and t.billing_day = d.billing_day
           and (d.branding is null
             or f.alias is not distinct from d.alias and h.name is not distinct from d.host
               and f.branding = d.branding)
           and (d.administrator->>'email' is null
             or to_jsonb(s) - '{organization_id,id,staff_group,is_administrator}'::text[] = d.administrator)
           and to_jsonb(a) - 'organization_id' || jsonb_build_object('links', l.links) = d.account as as_declared
  from declared d
  join organization o on o.root_id = :distributor_id and o.account_number = :account_number
  left join account a on a.organization_id = o.root_id and a.number = o.account_number
  left join tenant t on t.organization_id = o.id
  left join reserved_host h on h.organization_id = o.id
  left join storefront f on f.organization_id = o.id
  left join staff s on s.organization_id = o.id and s.is_administrator
  left join staff_credential c on c.organization_id = o.id and c.staff_id = s.id
  cross join lateral (
    select coalesce(jsonb_object_agg(platform, reference), '{}') as links
    from account_link where organization_id = o.root_id and account_number = o.account_number
  ) l
)
select
  found.id as organization_id,
  found.phase,
  found.currency,
  found.activated_at,
  coalesce(found.as_declared, false) as as_declared,
  coalesce(found.has_credentials, false) as has_credentials,
  found.rotation as credentials_rotation,
  holder.organization_id as address_holder,
  holder.yields as holder_yields,
  (select host_key from distributor where organization_id = :distributor_id) as host_key,
  exists (select from country where code = declared.country)
    and (exists (select from distributor_country
                 where organization_id = :distributor_id and country = declared.country)
      or not exists (select from distributor_country where organization_id = :distributor_id)) as country_known,
  list.id as price_list_id,
  list.currency as price_list_currency,
  list.active as price_list_active,
  list.valid_from,
  list.valid_until,
  list.revision,
  list.newest,
  (select r.offers from price_list_revision r where r.price_list_id = list.id and r.revision = list.revision) as offers,
  array(
    select distinct t.platform
    from product_types(list.id, list.revision) sold
    join platform_product_type t on t.organization_id = :distributor_id and t.product_type = sold
    join platform p on p.organization_id = t.organization_id and p.name = t.platform
    where p.link_required
  ) as required_platforms,
  found.id is not null
    and exists (select from tax where organization_id = :distributor_id)
    and not exists (select from tax where organization_id = found.id) as lacks_taxes,
  found.id is not null and not exists (select from payment_method where organization_id = found.id) as lacks_payment_methods
from declared
left join found on true
left join list on true
left join lateral (
  select organization_id, false as yields
  from storefront where root_id = :distributor_id and alias = declared.alias
  union all
  select organization_id, not is_base_domain and proved_at is null
  from reserved_host where names @> (reverse(declared.host) || '.')
) holder on true
