update product set to_revision = :revision
where price_list_id = :price_list_id and to_revision = 2147483647
  and sku = any (array(select sku from changed_product where change <> 'added'))
