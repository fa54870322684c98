-- Payment methods of the root that are not tied to a gateway; gateways are the reseller's own affair.
insert into payment_method (organization_id, name)
select tenant.id, m.name
from organization tenant
join payment_method m on m.organization_id = tenant.root_id and m.gateway is null
where tenant.id = :organization_id
on conflict do nothing
