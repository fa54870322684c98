-- Offers that are not missing for long enough are read as they stand in the head.
with kept as (
  insert into kept_offer (sku, unit, missing_since)
  select c.sku, c.unit, coalesce(s.missing_since, :now)
  from changed_offer c
  left join suspect_offer s on s.price_list_id = :price_list_id and s.sku = c.sku and s.unit = c.unit
  where c.change = 'removed' and coalesce(s.missing_since, :now) + cast(:discontinue_after as interval) > :now
  returning sku, unit
)
insert into read_row (part, line, sku, unit, price, recommended_sell_price, tiers, active, name, description, category,
                      product_type, charge_type, kind, faults, occurrence)
select 0, 0, o.sku, o.unit, o.price, o.recommended_sell_price, o.tiers, o.active, p.name, p.description, p.category,
       p.product_type, p.charge_type, p.kind, '', 1
from kept
join offer o on o.price_list_id = :price_list_id and o.to_revision = 2147483647 and o.sku = kept.sku and o.unit = kept.unit
join product p on p.price_list_id = :price_list_id and p.to_revision = 2147483647 and p.sku = kept.sku
