-- Each kind of process that writes has a fence of its own: a partition, by the role that it acts as. A lock of a table
-- needs a privilege to it, as an advisory lock does not: whoever has none to a fence cannot keep anybody there.
alter table leadership rename to leadership_before;
create table leadership (
  process text collate "C" primary key,
  epoch   bigint not null
) partition by list (process);
create table leadership_of_twotier_operator partition of leadership for values in ('twotier_operator');
insert into leadership select 'twotier_operator', epoch from leadership_before;
drop table leadership_before;
grant select on leadership to twotier_operator;
grant select, update on leadership_of_twotier_operator to twotier_operator;

-- Every transaction of a leader holds the epoch of its fence, and a new leader raises it when none holds it any more. A
-- transaction that only reads is refused: on a server that only reads, the epoch may be an old one.
create or replace function hold_epoch() returns bigint language plpgsql set search_path = twotier, pg_temp as $$
begin
  if current_setting('transaction_read_only')::boolean then
    raise read_only_sql_transaction using message = 'the server or the session only reads';
  end if;
  -- The weakest lock that keeps the epoch from being raised. PostgreSQL lets a login wait for some locks before it looks
  -- at its privileges, and whoever comes later waits behind it: for those, this one is none to wait for.
  execute format('lock table %I in row share mode', 'leadership_of_' || current_user);
  -- By a statement of its own, in a volatile function: so it is the epoch in force once the lock is taken.
  return (select epoch from leadership where process = current_user);
end
$$;

-- Whoever has no fence of its own, which is the owner, raises the epochs of all.
create or replace function raise_epoch() returns bigint language plpgsql set search_path = twotier, pg_temp as $$
declare
  fence constant regclass := coalesce(to_regclass(quote_ident('leadership_of_' || current_user)), 'leadership');
  raised bigint;
begin
  execute format('lock table %s in exclusive mode', fence);
  execute format('update %s set epoch = epoch + 1 returning epoch', fence) into raised;
  return raised;
end
$$;
