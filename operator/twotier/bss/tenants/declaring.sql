-- The reseller's account and his links to provisioning platforms, in the root organization.
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
