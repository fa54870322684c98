-- Where the tenant stands, held until the transaction ends, and the content that the plan leads to.
select a.last_number as newest,
       (select r.digest from price_list_revision r
        where r.price_list_id = :price_list_id and r.revision = :revision) as target_digest
from catalogue_assignment a
where a.organization_id = :organization_id
for update of a
