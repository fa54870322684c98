-- Of what undos took away, the newest: the first run since that brought the product, or the offer.
select e.number as run, e.undone_by
from catalogue_update e
where e.organization_id = :organization_id and e.restored is null and e.is_full and e.undone_by is not null
  and exists (select from offer x
              where x.sku = :sku and (cast(:unit as text) is null or x.unit = :unit)
                and covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision))
order by e.undone_by desc, e.number
limit 1
