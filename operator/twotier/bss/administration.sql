-- name: may_act
-- Tell whether the login may act as a role.
select pg_has_role(current_user, :role, 'set')

-- name: find_schema
-- Find our schema, a row if it is there.
select from pg_namespace where nspname = 'twotier'

-- name: wait_for_other_migrations
-- Let one migration at a time go on, until its transaction ends.
select pg_advisory_xact_lock(hashtext('twotier database migrate'), 0)

-- name: find_records
-- Tell whether the database records its version, and, as from 0003 on, its routines.
select to_regclass('twotier.alembic_version') is not null as versions,
       to_regclass('twotier.loaded_routines') is not null as routines

-- name: table_version
-- Read which version the tables have; Alembic writes it.
select version_num from twotier.alembic_version

-- name: loaded_routines
-- Read which routines are loaded.
select digest, program from twotier.loaded_routines

-- name: record_routines
-- Record the routines that were loaded in place of the ones before.
insert into loaded_routines (digest, program) values (:digest, :program)
on conflict ((true)) do update
set digest = excluded.digest, program = excluded.program, loaded_at = excluded.loaded_at

-- name: fence_leader
-- Wait for the transactions of the operator that leads, and refuse it any further one.
select raise_epoch()
