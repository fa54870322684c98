update catalogue_assignment set last_override = last_override + 1
where organization_id = :organization_id
returning last_override
