-- Routines are code, not data: each migration drops them as a whole and makes those of its own version. What tables and
-- policies stand on belongs to the migrations and stays.
do $$
declare
  dropped record;
begin
  for dropped in
    select c.oid::regclass as name from pg_class c
    where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'v'
  loop
    execute format('drop view if exists %s cascade', dropped.name);
  end loop;
  for dropped in
    select p.oid::regprocedure as name from pg_proc p
    where p.pronamespace = 'twotier'::regnamespace and p.prokind = 'f'
      and p.proname not in ('hold_epoch', 'raise_epoch', 'current_organization', 'current_root')
  loop
    execute format('drop function if exists %s cascade', dropped.name);
  end loop;
  for dropped in
    select c.oid::regclass as name from pg_class c
    where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'c' and c.relname <> 'price_tier'
  loop
    execute format('drop type if exists %s cascade', dropped.name);
  end loop;
end $$;
