-- Drop the routines of whichever version is there, before tables are changed under them. What tables and policies stand
-- on belongs to versions/ and stays: a function of that sort is named here, and without its name PostgreSQL refuses to
-- drop it. All of a kind go in one statement, because they stand on each other.
do $$
declare
  dropped text;
begin
  select string_agg(c.oid::regclass::text, ', ') into dropped
  from pg_class c where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'v';
  if dropped is not null then
    execute format('drop view %s cascade', dropped);
  end if;
  select string_agg(p.oid::regprocedure::text, ', ') into dropped
  from pg_proc p
  where p.pronamespace = 'twotier'::regnamespace and p.prokind = 'f'
    and p.proname not in ('hold_epoch', 'raise_epoch', 'current_organization', 'current_root', 'current_staff')
    -- those of a type come and go with it
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i');
  if dropped is not null then
    execute format('drop function %s', dropped);
  end if;
  select string_agg(c.oid::regclass::text, ', ') into dropped
  from pg_class c
  where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'c' and c.relname <> 'price_tier';
  if dropped is not null then
    execute format('drop type %s', dropped);
  end if;
end $$;
