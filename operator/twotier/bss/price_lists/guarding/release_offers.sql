-- What was held is put back to where an import has it before it is written.
with held as (
  select * from held_offer where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_offer (sku, unit, change) select sku, unit, change from held
)
insert into read_row (part, line, sku, unit, price, recommended_sell_price, tiers, active, faults, occurrence)
select 0, 0, sku, unit, price, recommended_sell_price, tiers, active, '', 1 from held where change <> 'removed'
