-- name: close_offers
-- End the versions of the offers that changed or were removed: the revision to come is the first without them.
update open_offer o set to_revision = :revision
from changed_offer c
where o.price_list_id = :price_list_id
  and (:many or o.sku = any (array(select sku from affected_sku)))
  and o.sku = c.sku and o.unit = c.unit and c.change <> 'added'

-- name: open_offers
-- Begin a version of each offer that was added or changed; of all that were read in a list's first revision.
insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price, tiers, active)
select :price_list_id, sku, unit, :revision, price, recommended_sell_price, tiers, active
from read_row
where occurrence = 1
  and (:everything or (sku, unit) in (select sku, unit from changed_offer where change <> 'removed'))

-- name: close_products
-- End the versions of the products that changed or were removed.
update open_product p set to_revision = :revision
from changed_product c
where p.price_list_id = :price_list_id
  and (:many or p.sku = any (array(select sku from affected_sku)))
  and p.sku = c.sku and c.change <> 'added'

-- name: open_products
-- Begin a version of each product that was added or changed.
insert into product (price_list_id, sku, from_revision, name, description, category, product_type, charge_type, kind, active)
select :price_list_id, sku, :revision, name, description, category, product_type, charge_type, kind, active
from read_product
join changed_product c using (sku)
where c.change <> 'removed'

-- name: close_relations
-- End the versions of the relations that changed or were removed.
update open_product_relation r set to_revision = :revision
from changed_relation c
where r.price_list_id = :price_list_id
  and (:many or r.sku = any (array(select sku from affected_sku)))
  and r.kind = c.kind and r.sku = c.sku and r.related_sku = c.related_sku and c.change <> 'added'

-- name: open_relations
-- Begin a version of each relation that was added or changed.
insert into product_relation (price_list_id, kind, sku, related_sku, from_revision, quantity)
select distinct cast(:price_list_id as integer), kind, sku, related_sku, cast(:revision as integer), quantity
from read_relation
join changed_relation c using (kind, sku, related_sku)
where c.change <> 'removed'

-- name: analyze_versions
-- Tell the planner about the new rows. Whoever plans with them next, in this transaction or right after it, cannot wait
-- for autovacuum: with statistics of the time before, joins of whole catalogues are done row by row.
analyze offer (price_list_id, sku, unit, from_revision, to_revision),
        product (price_list_id, sku, from_revision, to_revision),
        product_relation
