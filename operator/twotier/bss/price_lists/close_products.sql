update product p set to_revision = :revision
from changed_product c
where p.price_list_id = :price_list_id and p.to_revision = 2147483647
  and (:many or p.sku = any (array(select sku from affected_sku)))
  and p.sku = c.sku and c.change <> 'added'
