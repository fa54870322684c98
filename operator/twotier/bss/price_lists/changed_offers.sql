insert into changed_offer
select coalesce(new.sku, old.sku), coalesce(new.unit, old.unit),
       case when old.sku is null then 'added' when new.sku is null then 'removed'
            when new.price <> old.price then 'price' else 'other' end
from (select * from read_row where occurrence = 1) new
full join (select * from offer
           where price_list_id = :price_list_id and to_revision = 2147483647
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old
  on old.sku = new.sku and old.unit = new.unit
where old.sku is null or new.sku is null or new.price <> old.price
   or new.recommended_sell_price is distinct from old.recommended_sell_price
   or new.active <> old.active or new.tiers <> old.tiers
