-- Everybody in a new tenant is in the group "common", which the rule "common all" lets do everything.
with common as (
  insert into staff_group (organization_id, name, is_default) values (:organization_id, 'common', true)
  on conflict do nothing
)
insert into permission_rule (organization_id, name, staff_group, module, access)
values (:organization_id, 'common all', 'common', null, 'full')
on conflict do nothing
