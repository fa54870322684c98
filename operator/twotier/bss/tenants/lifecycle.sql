-- name: find_by_account
-- Find a tenant by namespace and name of its distributor and the number of its account.
select t.organization_id
from organization root
join organization o on o.root_id = root.id
join tenant t on t.organization_id = o.id
where root.namespace = :namespace and root.name = :distributor and o.account_number = :number

-- name: find_below
-- Find a tenant by its id, if the distributor above it is of this namespace.
select t.organization_id
from tenant t
join organization o on o.id = t.organization_id
join organization root on root.id = o.root_id
where t.organization_id = :organization_id and root.namespace = :namespace

-- name: lock_phase
-- Find the phase of a tenant, and let nobody else move it until the transaction ends.
select phase, activated_at from tenant where organization_id = :organization_id for no key update

-- name: hold_phase
-- Find the phase of a tenant, and keep it as it is until the transaction ends; others may hold it as well.
select phase from tenant where organization_id = :organization_id for share

-- name: move_phase
-- Move a tenant to another phase.
update tenant set phase = :phase where organization_id = :organization_id

-- name: note_activation
-- Note when a tenant became active for the first time.
update tenant set activated_at = :now where organization_id = :organization_id
