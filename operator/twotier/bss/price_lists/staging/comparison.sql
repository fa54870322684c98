-- name: compare_offers
-- Note which offers differ between the head and what was read, and how.
insert into changed_offer
select coalesce(new.sku, old.sku), coalesce(new.unit, old.unit),
       case when old.sku is null then 'added' when new.sku is null then 'removed'
            when new.price <> old.price then 'price' else 'other' end
from (select * from read_row where occurrence = 1) new
full join (select * from open_offer
           where price_list_id = :price_list_id
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old
  on old.sku = new.sku and old.unit = new.unit
where old.sku is null or new.sku is null or new.price <> old.price
   or new.recommended_sell_price is distinct from old.recommended_sell_price
   or new.active <> old.active or new.tiers <> old.tiers

-- name: compare_products
-- Note which products differ between the head and what was read, and how.
insert into changed_product
select coalesce(new.sku, old.sku), case when old.sku is null then 'added' when new.sku is null then 'removed' else 'other' end
from read_product new
full join (select * from open_product
           where price_list_id = :price_list_id
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old on old.sku = new.sku
where old.sku is null or new.sku is null or new.active <> old.active
   or new.name <> old.name or new.charge_type <> old.charge_type or new.kind <> old.kind
   or new.description is distinct from old.description
   or new.category is distinct from old.category
   or new.product_type is distinct from old.product_type

-- name: compare_relations
-- Note which relations differ between the head and what was read, and how.
insert into changed_relation
select coalesce(new.kind, old.kind), coalesce(new.sku, old.sku), coalesce(new.related_sku, old.related_sku),
       case when old.sku is null then 'added' when new.sku is null then 'removed' else 'other' end
from (select distinct kind, sku, related_sku, quantity from read_relation) new
full join (select * from open_product_relation
           where price_list_id = :price_list_id
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old
  on old.kind = new.kind and old.sku = new.sku and old.related_sku = new.related_sku
where old.sku is null or new.sku is null or new.quantity is distinct from old.quantity

-- name: count_differences
-- Count the offers that differ, by what differs, and tell whether anything does. An offer whose price is the same has
-- changed otherwise when anything else of it has: its own columns, those of its product, or a relation of its product.
select count(*) filter (where change = 'added') as added,
       count(*) filter (where change = 'removed') as removed,
       count(*) filter (where change = 'price') as price_changed,
       count(*) filter (where change = 'other') + (
         select count(*) from read_row r
         where r.occurrence = 1
           and r.sku in (select sku from changed_product where change = 'other' union select sku from changed_relation)
           and not exists (select from changed_offer c where c.sku = r.sku and c.unit = r.unit)) as other_changed,
       exists (select from changed_offer union all select from changed_product union all select from changed_relation) as changed
from changed_offer

-- name: forget_comparison
-- Forget what was compared, and the products that were made of the rows read by then.
truncate read_product, changed_offer, changed_product, changed_relation
