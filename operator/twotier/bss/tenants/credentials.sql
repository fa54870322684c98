-- name: find_administrator
-- Find the administrator of a tenant, and the password that is stored for it.
select s.id, c.password_hash, c.rotation
from staff s
left join staff_credential c on c.organization_id = s.organization_id and c.staff_id = s.id
where s.organization_id = :organization_id and s.is_administrator

-- name: store_password
-- Store the hash of a password, and what was declared when it was made.
insert into staff_credential (organization_id, staff_id, password_hash, rotation)
values (:organization_id, :staff_id, :password_hash, :rotation)
on conflict (organization_id, staff_id) do update
set password_hash = excluded.password_hash, rotation = excluded.rotation

-- name: revoke_password
-- Forget the password of a tenant's administrator.
delete from staff_credential c
using staff s
where s.organization_id = :organization_id and s.is_administrator
  and c.organization_id = s.organization_id and c.staff_id = s.id
