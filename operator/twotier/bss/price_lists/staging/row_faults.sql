-- The first faults of values in the order of their lines, with the value as it stands in the file, and the count of all.
select s.part, s.line, split_part(fault, ':', 1) as property, split_part(fault, ':', 2) as code,
       case split_part(fault, ':', 1)
         when 'sku' then s.sku when 'unit' then s.unit when 'price' then s.price
         when 'recommendedSellPrice' then s.recommended_sell_price when 'currency' then s.currency
         when 'name' then s.name when 'description' then s.description when 'category' then s.category
         when 'productType' then s.product_type when 'chargeType' then s.charge_type when 'kind' then s.kind
         when 'active' then s.active when 'tiers' then s.tiers
         when 'tierMinimum' then s.tier_minimum when 'tierMaximum' then s.tier_maximum
       end as given,
       null::text as other,
       count(*) over () as total
from read_row r
join staged_row s using (part, line)
cross join lateral string_to_table(r.faults, ',') with ordinality as told(fault, position)
where r.faults <> '' and (select count(*) from read_row where faults <> '') > 0
order by s.part, s.line, position
limit :shown
