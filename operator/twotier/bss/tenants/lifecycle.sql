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
