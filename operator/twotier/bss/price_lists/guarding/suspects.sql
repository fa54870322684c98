select s.sku, s.unit, p.name, s.missing_since, s.discontinued_at
from suspect_offer s
join product p on p.price_list_id = s.price_list_id and p.sku = s.sku and p.to_revision = 2147483647
where s.price_list_id = :price_list_id and (s.sku, s.unit) > (:after_sku, :after_unit)
order by s.sku, s.unit
limit :limit
