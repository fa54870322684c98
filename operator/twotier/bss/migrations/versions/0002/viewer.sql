-- The distributor's own people read every organization, and write nothing.

create or replace procedure isolate(relation regclass, organization_column name default 'organization_id')
  language plpgsql set search_path = twotier, pg_temp as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('create policy own_organization on %s to twotier_api, twotier_reader '
                 'using (%2$I = (select current_organization())) with check (%2$I = (select current_organization()))',
                 relation, organization_column);
  execute format('create policy every_organization on %s to twotier_operator, twotier_worker, twotier_owner '
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
    execute format('create policy read_every_organization on %s for select to twotier_viewer using (true)', isolated);
  end loop;
end
$$;

grant select on
  organization, distributor, tenant, price_list, price_list_revision, product, offer, product_relation,
  catalogue_assignment, catalogue_update, product_override, offer_override
to twotier_viewer;
