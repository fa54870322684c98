-- A key may be given again only with the very same content.
select again.part, again.line, 'sku' as property, 'duplicate' as code,
       again.sku || ' ' || again.unit as given,
       'line ' || first.line || case when first.price <> again.price
                                     then ', where its price is ' || first.price || ' instead of ' || again.price
                                     else ', where its price is the same but something else is not' end as other,
       count(*) over () as total
from read_row again
join read_row first
  on first.sku = again.sku and first.unit = again.unit and first.tier_minimum = again.tier_minimum and first.occurrence = 1
where again.occurrence > 1
  and (again.price, again.recommended_sell_price, again.tiers, again.active, again.name, again.description,
       again.category, again.product_type, again.charge_type, again.kind, again.tier_maximum)
      is distinct from
      (first.price, first.recommended_sell_price, first.tiers, first.active, first.name, first.description,
       first.category, first.product_type, first.charge_type, first.kind, first.tier_maximum)
order by again.part, again.line
limit :shown
