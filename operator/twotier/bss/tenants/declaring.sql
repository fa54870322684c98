-- name: declare_account
-- Make the reseller's account and its links to provisioning platforms, in the root organisation, what is declared.
with declared as (
  select a.*
  from jsonb_to_record(cast(:account as jsonb)) a (
    number text, name text, email text, street text, city text, state text, postal_code text, country char(2),
    ordering_enabled boolean, links jsonb
  )
),
account_declared as (
  insert into account (organization_id, number, name, email, street, city, state, postal_code, country, ordering_enabled)
  select :distributor_id, number, name, email, street, city, state, postal_code, country, ordering_enabled
  from declared
  except
  select organization_id, number, name, email, street, city, state, postal_code, country, ordering_enabled
  from account where organization_id = :distributor_id and number in (select number from declared)
  on conflict (organization_id, number) do update
  set name = excluded.name, email = excluded.email, street = excluded.street, city = excluded.city,
      state = excluded.state, postal_code = excluded.postal_code, country = excluded.country,
      ordering_enabled = excluded.ordering_enabled
),
declared_link as (
  select number as account_number, link.key as platform, link.value as reference
  from declared, jsonb_each_text(links) link
),
link_gone as (
  delete from account_link
  where organization_id = :distributor_id and account_number in (select number from declared)
    and platform not in (select platform from declared_link)
)
insert into account_link (organization_id, account_number, platform, reference)
select :distributor_id, account_number, platform, reference from declared_link
except
select organization_id, account_number, platform, reference
from account_link where organization_id = :distributor_id
on conflict (organization_id, account_number, platform) do update set reference = excluded.reference

-- name: declare_organization
-- Make the tenant's organisation, known by its root and account number; change it where it differs, or only find it.
with declared as (
  select cast(:root_id as uuid) as root_id, cast(:account_number as text) as account_number,
         cast(:display_name as text) as display_name, cast(:country as char(2)) as country,
         cast(:time_zone as text) as time_zone
),
found as (
  select o.* from organization o join declared d using (root_id, account_number)
),
written as (
  insert into organization (id, root_id, account_number, display_name, country, time_zone, currency, created_at)
  select cast(:new_id as uuid), d.root_id, d.account_number, d.display_name, coalesce(d.country, found.country),
         d.time_zone, cast(:currency as char(3)), cast(:now as timestamptz)
  from declared d left join found on true
  where (found.display_name, found.country, found.time_zone)
        is distinct from (d.display_name, coalesce(d.country, found.country), d.time_zone)
  on conflict (root_id, account_number) do update
  set display_name = excluded.display_name, country = excluded.country, time_zone = excluded.time_zone
  returning id
)
select id from written union select id from found

-- name: declare_tenant
-- Make the tenant what is declared of it. A new one is in progress.
insert into tenant (organization_id, phase, edition, language, date_format, separate_invoices, billing_day)
select :organization_id, 'InProgress', d.*
from (values (cast(:edition as text), cast(:language as text), cast(:date_format as text),
              cast(:separate_invoices as boolean), cast(:billing_day as smallint)))
     as d (edition, language, date_format, separate_invoices, billing_day)
where not exists (
  select from tenant t
  where t.organization_id = :organization_id
    and (t.edition, t.language, t.date_format, t.separate_invoices, t.billing_day)
        = (d.edition, d.language, d.date_format, d.separate_invoices, d.billing_day)
)
on conflict (organization_id) do update
set edition = excluded.edition, language = excluded.language, date_format = excluded.date_format,
    separate_invoices = excluded.separate_invoices, billing_day = excluded.billing_day

-- name: declare_administrator
-- Make the one administrator of a tenant, in its default group, who is declared. The password of another e-mail address
-- is forgotten.
with declared as (
  select cast(:email as text) as email, cast(:first_name as text) as first_name, cast(:last_name as text) as last_name
),
changed as (
  update staff s set email = d.email, first_name = d.first_name, last_name = d.last_name
  from declared d
  where s.organization_id = :organization_id and s.is_administrator and d.email is not null
    and (s.email, s.first_name, s.last_name) is distinct from (d.email, d.first_name, d.last_name)
  returning s.id, old.email <> new.email as has_new_email
),
revoked as (
  delete from staff_credential c using changed
  where c.organization_id = :organization_id and c.staff_id = changed.id and changed.has_new_email
)
insert into staff (organization_id, id, email, first_name, last_name, staff_group, is_administrator)
select g.organization_id, cast(:new_id as uuid), d.email, d.first_name, d.last_name, g.name, true
from declared d, staff_group g
where g.organization_id = :organization_id and g.is_default and d.email is not null
  and not exists (select from staff s where s.organization_id = :organization_id and s.is_administrator)

-- name: declare_storefront
-- Make a tenant's storefront what is declared; two of one distributor cannot have the same alias.
insert into storefront (organization_id, root_id, alias, branding)
select id, root_id, cast(:alias as text), cast(:branding as jsonb) from organization where id = :organization_id
except
select organization_id, root_id, alias, branding from storefront where organization_id = :organization_id
on conflict (organization_id) do update set alias = excluded.alias, branding = excluded.branding
