-- name: list_offers
-- List a page of the offers of a revision, by SKU and unit.
select o.sku, o.unit, p.name, p.description, p.category, p.product_type, p.charge_type, p.kind, o.price,
       o.recommended_sell_price, o.active and p.active as active,
       array(select t.minimum_quantity from unnest(o.tiers) t) as quantities,
       array(select t.price from unnest(o.tiers) t) as prices
from offer o
join product p on p.price_list_id = o.price_list_id and p.sku = o.sku
  and p.from_revision <= :revision and :revision < p.to_revision
where o.price_list_id = :price_list_id and o.from_revision <= :revision and :revision < o.to_revision
  and (o.sku, o.unit) > (:sku, :unit)
order by o.sku, o.unit
limit :limit
