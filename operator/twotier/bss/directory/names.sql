select id, name from price_list where id = any(:price_list_ids)
