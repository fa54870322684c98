-- name: may_act
-- Tell whether the login may act as a role.
select pg_has_role(current_user, :role, 'set')

-- name: keep_temporary_tables
-- Let only the operator make temporary tables, for imports: they could fill the disk.
do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
  execute format('grant temporary on database %I to twotier_operator', current_database());
end $$

-- name: find_schema
-- Find our schema, a row if it is there.
select from pg_namespace where nspname = 'twotier'

-- name: find_missing_roles
-- Find the roles that the login may not act as, or that are not there.
select wanted.name
from unnest(cast(:roles as name[])) wanted (name)
where not exists (select from pg_roles r where r.rolname = wanted.name and pg_has_role(session_user, r.oid, 'set'))

-- name: wait_for_other_migrations
-- Let one migration at a time go on, until its transaction ends: a comment locks what it is about, and only the owner of
-- the schema may write it. It is there before any table is.
comment on schema twotier is 'tables and routines of TwoTier, made by twotier database migrate'

-- name: bound_waiting
-- Wait for others at most a minute, unless a shorter or longer time is set: whoever comes later waits behind a migration.
select set_config('lock_timeout', '1min', true) where current_setting('lock_timeout') = '0'

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

-- name: fence_leaders
-- Wait for the transactions of the processes that write, and refuse them any further one.
select raise_epoch()
