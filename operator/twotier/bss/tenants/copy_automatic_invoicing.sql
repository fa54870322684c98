-- Options of automatic invoices of the root; where they point to a user of the root, the tenant's administrator.
insert into automatic_invoicing (organization_id, enabled, send_by_email, responsible_staff_id)
select tenant.id, i.enabled, i.send_by_email, s.id
from organization tenant
join automatic_invoicing i on i.organization_id = tenant.root_id
left join staff s on s.organization_id = tenant.id and s.is_administrator and i.responsible_user is not null
where tenant.id = :organization_id
on conflict do nothing
