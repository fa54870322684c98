-- Counts of offers. An offer whose price is the same has changed otherwise when anything else of it has: its own columns,
-- those of its product, or a relation of its product.
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
