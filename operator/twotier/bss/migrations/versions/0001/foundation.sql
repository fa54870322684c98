-- What every other file stands on: who acts, for whom, and how a table is closed to everybody else.

-- Whoever may call a function is granted it by name.
alter default privileges revoke execute on routines from public;

create table leadership (
  epoch bigint not null
);
create unique index leadership_is_one_row on leadership ((true));
insert into leadership values (0);
grant select, update on leadership to twotier_operator;

-- Every transaction of a leader holds the epoch, and a new leader raises it when none holds it any more. The lock is of
-- two keys, which never meet the one-key locks of others; the table's own number tells it from other two-key locks.
-- In a volatile function the epoch is read by a statement of its own, so it is the one in force once the lock is taken.
create function hold_epoch() returns bigint language plpgsql set search_path = twotier, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared('leadership'::regclass::oid::integer, 0);
  return (select epoch from leadership);
end
$$;

create function raise_epoch() returns bigint language plpgsql set search_path = twotier, pg_temp as $$
declare
  raised bigint;
begin
  perform pg_advisory_xact_lock('leadership'::regclass::oid::integer, 0);
  update leadership set epoch = epoch + 1 returning epoch into raised;
  return raised;
end
$$;
grant execute on function hold_epoch, raise_epoch to twotier_operator;

-- Never set, the setting is null; reset at the end of a transaction, it is empty: both see nothing.
-- The body is parsed here and now, so that no search path can put another function in the place of one it calls.
create function current_organization() returns uuid stable parallel safe language sql
  return nullif(current_setting('twotier.organization', true), '')::uuid;
grant execute on function current_organization to twotier_operator, twotier_worker, twotier_api, twotier_reader;

-- Row-level security for a table whose rows belong to an organization, named by the given column.
-- Forced, so that a data migration of the owner, too, goes through a policy.
create procedure isolate(relation regclass, organization_column name default 'organization_id')
  language plpgsql set search_path = twotier, pg_temp as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('create policy own_organization on %s to twotier_api, twotier_reader '
                 'using (%2$I = (select current_organization())) with check (%2$I = (select current_organization()))',
                 relation, organization_column);
  execute format('create policy every_organization on %s to twotier_operator, twotier_worker, twotier_owner '
                 'using (true) with check (true)', relation);
end
$$;
