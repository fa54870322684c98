-- The products that must be read: all of them when nothing is known yet, else those with a row that does not stand in the
-- head character for character (such a row was judged when it came), and those with an offer that is missing now. Amounts
-- may be written otherwise, as publishers write 10.50 for 10.5.
-- Rows with tiers or relations are always read, and so is a key in other white space, under both of its spellings. A row
-- that begins at the first piece is no tier by itself: another one of the same key is.
insert into affected_sku
with differing as (
  select staged.sku as staged, o.sku as known
  from staged_row staged
  full join (select * from offer where price_list_id = :price_list_id and to_revision = 2147483647) o
    on o.sku = staged.sku and o.unit = staged.unit
  left join product p on p.price_list_id = :price_list_id and p.sku = o.sku and p.to_revision = 2147483647
  where (is_amount(staged.price, o.price)
    and case when staged.recommended_sell_price is null
             then o.recommended_sell_price is not distinct from trim_scale(o.price * cast(:markup as numeric))
             else is_amount(staged.recommended_sell_price, o.recommended_sell_price) end
    and coalesce(staged.currency, :currency) = :currency
    and coalesce(staged.active, 'true') = o.active::text
    and coalesce(staged.name, staged.sku) = p.name
    and staged.description is not distinct from p.description
    and staged.category is not distinct from p.category
    and staged.product_type is not distinct from p.product_type
    and coalesce(staged.charge_type, 'recurring') = p.charge_type
    and coalesce(staged.kind, 'product') = p.kind
    and staged.tiers is null and o.tiers = '{}'
    and (staged.tier_minimum is null or staged.tier_minimum in ('0', '1'))
    and (staged.tier_maximum is null or staged.tier_maximum ~ '^[0-9]{1,12}$')
    and staged.add_on_of is null and staged.upgrade_to is null and staged.components is null) is not true
)
select coalesce(staged, '') from differing
union
select coalesce(btrim(staged, :blank), '') from differing
union
select known from differing where known is not null
union
select sku from product_relation where price_list_id = :price_list_id and to_revision = 2147483647
