-- What holds after a run, one row per run: undos carry the pins of the run that they restored.
create view run_pins with (security_invoker) as
select u.organization_id, u.price_list_id as cost_list, u.revision as cost_revision, u.first_list, u.first_revision,
       u.structure_number, u.structure_list, u.structure_revision,
       u.sell_list, u.sell_revision, u.sell_watermark, u.names_list, u.names_revision, u.names_watermark,
       -- null where it goes without saying: the structure has not moved since, or it was the revision pinned itself
       case when (u.sell_known_list, u.sell_known_revision)
                 not in ((u.structure_list, u.structure_revision), (u.sell_list, u.sell_revision))
            then u.sell_known_list end as sell_known_list, u.sell_known_revision,
       case when (u.names_known_list, u.names_known_revision)
                 not in ((u.structure_list, u.structure_revision), (u.names_list, u.names_revision))
            then u.names_known_list end as names_known_list, u.names_known_revision,
       u.number as run
from catalogue_update u;

-- The pins in force, one row a tenant.
create view catalogue_pins with (security_invoker) as
select a.current,                  -- the run whose result this is
       a.last_number as as_of,     -- the newest run that is looked at, undos included
       a.last_override,            -- the newest of the reseller's overrides that is looked at
       r.*
from catalogue_assignment a
join run_pins r on r.organization_id = a.organization_id and r.run = a.current;

-- The pins as they were after a run, and the reseller's overrides up to a version of the caller's choice; without one,
-- those that there were when the run was written.
create function catalogue_pins_at(organization uuid, run integer, overrides integer) returns setof catalogue_pins
  stable rows 1 language sql as $$
  select coalesce(u.restored, u.number), u.number, coalesce(overrides, u.newest_override), r.*
  from catalogue_update u
  join run_pins r on r.organization_id = u.organization_id and r.run = u.number
  where u.organization_id = organization and u.number = catalogue_pins_at.run
$$;

grant select on run_pins, catalogue_pins to twotier_operator, twotier_viewer, twotier_reader;
grant execute on function catalogue_pins_at to twotier_operator, twotier_viewer;
