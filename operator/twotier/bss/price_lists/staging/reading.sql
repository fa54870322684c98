-- name: read_setting
-- Read a setting of the session.
select current_setting(:name)

-- name: change_setting
-- Change a setting for the rest of the transaction.
select set_config(:name, :value, true)

-- name: find_affected_products
-- Find the products that must be read: all of them when nothing is known yet, else those with a row that does not stand
-- in the head character for character (such a row was judged when it came), and those with an offer that is missing
-- now. Amounts may be written otherwise, as publishers write 10.50 for 10.5.
-- Rows with tiers or relations are always read, and so is a key in other white space, under both of its spellings. A
-- row that begins at the first piece is not a tier by itself: another one of the same key is.
insert into affected_sku
with differing as (
  select staged.sku as staged, o.sku as known
  from staged_row staged
  full join (select * from open_offer where price_list_id = :price_list_id) o
    on o.sku = staged.sku and o.unit = staged.unit
  left join open_product p on p.price_list_id = :price_list_id and p.sku = o.sku
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
select sku from open_product_relation where price_list_id = :price_list_id

-- name: read_rows
-- Normalise the staged rows of affected products: no white space around values, numbers without trailing zeros, words
-- in lower case. The rules for values stand here and nowhere else; a row with faults is not converted.
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
    case when length(add_on_of) > 10000 then 'addOnOf:too-long' end,
    case when length(upgrade_to) > 10000 then 'upgradeTo:too-long' end,
    case when length(components) > 10000 then 'components:too-long' end,
    case when tiers is null then null
         when length(tiers) > 10000 then 'tiers:too-long'
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
           upgrade_to,
           nullif(btrim(components, :blank), '') as components,
           nullif(btrim(tier_minimum, :blank), '') as tier_minimum,
           nullif(btrim(tier_maximum, :blank), '') as tier_maximum
    from staged_row
    where :everything or coalesce(sku, '') in (select sku from affected_sku)
    offset 0) trimmed
  offset 0) judged
order by sku, unit

-- name: merge_tiers
-- Make one row of several rows of one offer: the one with the lowest range of quantity, in which the others are prices
-- from a quantity on.
with ranged as (
  select part, line, sku, unit, tier_minimum, price, row_number() over (partition by sku, unit order by tier_minimum) as place
  from read_row
  where occurrence = 1
    and (sku, unit) in (select sku, unit from read_row where occurrence = 1 and tier_minimum > 1)
), tiers as (
  select sku, unit, array_agg(row(tier_minimum, price)::price_tier order by tier_minimum) as tiers
  from ranged
  where tier_minimum > 1
  group by sku, unit
)
update read_row r
set tiers = case when place = 1 then tiers.tiers else r.tiers end,
    occurrence = case when place = 1 then 1 else 0 end
from ranged join tiers using (sku, unit)
where r.part = ranged.part and r.line = ranged.line

-- name: read_products
-- Make one product of all rows of a SKU. Real lists say different things of a product in the rows of its offers: the
-- row of the first unit, in the order of its characters, is right, whatever the order of the rows. A product is active
-- while an offer of it is.
insert into read_product
select distinct on (sku) sku, name, description, category, product_type, charge_type, kind,
       bool_or(active) over (partition by sku order by unit rows between unbounded preceding and unbounded following)
from read_row
where occurrence = 1
order by sku, unit
