update offer o set to_revision = :revision
from changed_offer c
where o.price_list_id = :price_list_id and o.to_revision = 2147483647
  and (:many or o.sku = any (array(select sku from affected_sku)))
  and o.sku = c.sku and o.unit = c.unit and c.change <> 'added'
