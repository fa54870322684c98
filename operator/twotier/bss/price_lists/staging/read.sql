-- Normalise the staged rows of affected products: no white space around values, numbers without trailing zeros, words in lower case.
-- The rules for values stand here and nowhere else; a row with faults is not converted.
insert into read_row
select part, line, sku, unit,
       case when faults = '' then trim_scale(price::numeric) end,
       case when faults = '' then trim_scale(coalesce(recommended_sell_price::numeric, price::numeric * cast(:markup as numeric))) end,
       case when faults = '' and tiers is not null then (
         select array_agg(row(split_part(tier, '=', 1)::numeric, trim_scale(split_part(tier, '=', 2)::numeric))::price_tier
                          order by split_part(tier, '=', 1)::numeric)
         from string_to_table(replace(tiers, ' ', ''), ';') tier) else '{}' end,
       coalesce(active in ('true', 'yes', '1'), true),
       coalesce(name, sku), description, category, product_type, coalesce(charge_type, 'recurring'),
       coalesce(kind, case when add_on_of is not null then 'add-on' when components is not null then 'bundle' else 'product' end),
       faults,
       row_number() over (partition by sku, unit, lowest order by part, line),
       lowest,
       case when faults = '' then nullif(tier_maximum::bigint, 0) end
from (
  select *, concat_ws(',',
    case when sku is null then 'sku:missing' when length(sku) > 200 then 'sku:too-long' end,
    case when unit is null then 'unit:missing' when length(unit) > 100 then 'unit:too-long' end,
    case when price is null then 'price:missing' else 'price:' || amount_fault(price) end,
    'recommendedSellPrice:' || amount_fault(recommended_sell_price),
    case when currency <> :currency then 'currency:currency' end,
    case when length(name) > 300 then 'name:too-long' end,
    case when length(description) > 10000 then 'description:too-long' end,
    case when length(category) > 200 then 'category:too-long' end,
    case when length(product_type) > 200 then 'productType:too-long' end,
    case when charge_type not in ('recurring', 'one-off', 'usage') then 'chargeType:charge-type' end,
    case when kind not in ('product', 'add-on', 'bundle') then 'kind:kind' end,
    case when active not in ('true', 'yes', '1', 'false', 'no', '0') then 'active:active' end,
    case when tiers is null then null
         when tiers !~ '^ *[0-9]{1,9} *= *[0-9]{1,12}([.][0-9]{1,18})? *(; *[0-9]{1,9} *= *[0-9]{1,12}([.][0-9]{1,18})? *)*$' then 'tiers:tiers'
         when (select count(distinct split_part(tier, '=', 1)::numeric) < count(*) from string_to_table(replace(tiers, ' ', ''), ';') tier) then 'tiers:tiers-twice' end,
    case when tier_minimum !~ '^[0-9]{1,12}$' then 'tierMinimum:quantity' end,
    case when tier_maximum !~ '^[0-9]{1,12}$' then 'tierMaximum:quantity' end
    ) as faults,
    case when tier_minimum ~ '^[0-9]{1,12}$' then greatest(tier_minimum::bigint, 1) else 1 end as lowest
  from (
    select part, line,
           nullif(btrim(sku, :blank), '') as sku,
           nullif(btrim(unit, :blank), '') as unit,
           nullif(btrim(price, :blank), '') as price,
           nullif(btrim(recommended_sell_price, :blank), '') as recommended_sell_price,
           nullif(upper(btrim(currency, :blank)), '') as currency,
           nullif(btrim(name, :blank), '') as name,
           nullif(btrim(description, :blank), '') as description,
           nullif(btrim(category, :blank), '') as category,
           nullif(btrim(product_type, :blank), '') as product_type,
           nullif(lower(btrim(charge_type, :blank)), '') as charge_type,
           nullif(lower(btrim(kind, :blank)), '') as kind,
           nullif(lower(btrim(active, :blank)), '') as active,
           nullif(btrim(tiers, :blank), '') as tiers,
           nullif(btrim(add_on_of, :blank), '') as add_on_of,
           nullif(btrim(components, :blank), '') as components,
           nullif(btrim(tier_minimum, :blank), '') as tier_minimum,
           nullif(btrim(tier_maximum, :blank), '') as tier_maximum
    from staged_row
    where :everything or coalesce(sku, '') in (select sku from affected_sku)
    offset 0) trimmed
  offset 0) judged
order by sku, unit
