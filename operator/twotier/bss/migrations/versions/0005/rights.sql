-- Nobody acts as the worker yet: what it needs is granted when it comes.
revoke all on all tables in schema twotier from twotier_worker;
revoke all on all routines in schema twotier from twotier_worker;
revoke usage on schema twotier from twotier_worker;

-- Nor does a tenant's session use these yet. People's passwords and invoices are read by functions, once they are.
revoke all on
  staff, staff_credential, staff_group, permission_rule, tax, tax_rule, payment_method, automatic_invoicing,
  platform_connection, storefront
from twotier_api;

-- The writer's functions write for a tenant what its session may not write itself.
grant usage, create on schema twotier to twotier_writer;
grant execute on function current_organization to twotier_writer;

create or replace procedure isolate(relation regclass, organization_column name default 'organization_id')
  language plpgsql set search_path = twotier, pg_temp as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('create policy own_organization on %s to twotier_api, twotier_reader, twotier_writer '
                 'using (%2$I = (select current_organization())) with check (%2$I = (select current_organization()))',
                 relation, organization_column);
  execute format('create policy every_organization on %s to twotier_operator, twotier_owner '
                 'using (true) with check (true)', relation);
  execute format('create policy read_every_organization on %s for select to twotier_viewer using (true)', relation);
end
$$;

do $$
declare
  isolated regclass;
begin
  for isolated in
    select p.polrelid::regclass from pg_policy p
    join pg_class c on c.oid = p.polrelid
    where p.polname = 'every_organization' and c.relnamespace = 'twotier'::regnamespace
  loop
    execute format('alter policy own_organization on %s to twotier_api, twotier_reader, twotier_writer', isolated);
    execute format('alter policy every_organization on %s to twotier_operator, twotier_owner', isolated);
  end loop;
end
$$;
