-- The root organization by namespace and name: made, or changed where it differs. The currency never changes.
insert into organization (id, namespace, name, display_name, country, time_zone, currency, created_at)
select cast(:new_id as uuid), d.*, cast(:now as timestamptz)
from (values (cast(:namespace as text), cast(:name as text), cast(:display_name as text), cast(:country as char(2)),
              cast(:time_zone as text), cast(:currency as char(3))))
     as d (namespace, name, display_name, country, time_zone, currency)
where not exists (
  select from organization o
  where o.namespace = d.namespace and o.name = d.name
    and (o.display_name, o.country, o.time_zone) = (d.display_name, d.country, d.time_zone)
)
on conflict (namespace, name) do update
set display_name = excluded.display_name, country = excluded.country, time_zone = excluded.time_zone
