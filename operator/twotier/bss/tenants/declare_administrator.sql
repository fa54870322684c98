-- The one administrator of a tenant, in its default group.
with declared as (
  select cast(:email as text) as email, cast(:first_name as text) as first_name, cast(:last_name as text) as last_name
),
changed as (
  update staff s set email = d.email, first_name = d.first_name, last_name = d.last_name
  from declared d
  where s.organization_id = :organization_id and s.is_administrator and d.email is not null
    and (s.email, s.first_name, s.last_name) is distinct from (d.email, d.first_name, d.last_name)
)
insert into staff (organization_id, id, email, first_name, last_name, staff_group, is_administrator)
select g.organization_id, cast(:new_id as uuid), d.email, d.first_name, d.last_name, g.name, true
from declared d, staff_group g
where g.organization_id = :organization_id and g.is_default and d.email is not null
  and not exists (select from staff s where s.organization_id = :organization_id and s.is_administrator)
