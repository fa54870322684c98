-- The pins in force, one row a tenant.
create view catalogue_pins with (security_invoker) as
select a.organization_id, a.current, a.last_override,
       u.price_list_id as cost_list, u.revision as cost_revision, u.first_list, u.first_revision,
       u.structure_number, u.structure_list, u.structure_revision,
       u.sell_list, u.sell_revision, u.sell_watermark, u.names_list, u.names_revision, u.names_watermark,
       -- null where it goes without saying: the structure has not moved since, or it was the revision pinned itself
       case when (u.sell_known_list, u.sell_known_revision)
                 not in ((u.structure_list, u.structure_revision), (u.sell_list, u.sell_revision))
            then u.sell_known_list end as sell_known_list, u.sell_known_revision,
       case when (u.names_known_list, u.names_known_revision)
                 not in ((u.structure_list, u.structure_revision), (u.names_list, u.names_revision))
            then u.names_known_list end as names_known_list, u.names_known_revision
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current;
grant select on catalogue_pins to twotier_operator, twotier_reader;
