update product_relation p set to_revision = :revision
from changed_relation c
where p.price_list_id = :price_list_id and p.to_revision = 2147483647
  and (:many or p.sku = any (array(select sku from affected_sku)))
  and p.kind = c.kind and p.sku = c.sku and p.related_sku = c.related_sku and c.change <> 'added'
