-- The tenant's organization by its root and account number: made, changed where it differs, or only found.
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
