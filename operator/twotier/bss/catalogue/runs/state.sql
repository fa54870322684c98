select a.last_number, p.*
from catalogue_assignment a
join catalogue_pins p using (organization_id)
where organization_id = any(cast(:organization_ids as uuid[]))
