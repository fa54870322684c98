-- A category is shown by the reseller's name for it.
select p.sku, o.unit, p.name, p.product_type, p.description, p.image,
       coalesce((select c.name from category_override c
                 where c.organization_id = p.organization_id and c.category = p.category
                 order by c.version desc limit 1), p.category) as category,
       p.charge_type, p.published, o.sell_price, o.cost
from own_product p
left join own_offer o on o.organization_id = p.organization_id and o.sku = p.sku
where p.organization_id = :organization_id and (p.sku, coalesce(o.unit, '')) > (:sku, :unit)
order by p.sku, o.unit
limit :limit
