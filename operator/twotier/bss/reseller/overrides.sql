-- name: record_product_override
-- Record the next override of a property of a product, if the product ever arrived; without a value, remove the
-- override.
select set_product_override(:organization_id, :sku, :field, :value)

-- name: record_offer_override
-- Record the next override of an offer's price, if the offer ever arrived; without a price or margin, remove the
-- override.
select set_offer_override(:organization_id, :sku, :unit, :sell_price, :margin_percent)

-- name: list_overrides
-- List a page of a reseller's overrides, the newest version of each, without those that were removed. An option
-- displaced the versions up to its run's watermark; the first such run that counts is the one that did.
with newest as (
  select distinct on (sku, field) sku, cast(null as text) as unit, field as property, value, version, recorded_at
  from product_override
  where organization_id = :organization_id and sku >= :sku
  order by sku, field, version desc
), newest_price as (
  select distinct on (sku, unit) sku, unit,
         case when margin_percent is null then 'sellPrice' else 'margin' end as property,
         coalesce(sell_price, margin_percent)::text as value, version, recorded_at
  from offer_override
  where organization_id = :organization_id and sku >= :sku
  order by sku, unit, version desc
)
select n.sku, n.unit, n.property,
       case when n.property = 'category'
            then coalesce((select c.name from category_override c
                           where c.organization_id = :organization_id and c.category = n.value
                           order by c.version desc limit 1), n.value)
            else n.value end as value,
       n.recorded_at,
       (select min(u.number) from catalogue_update u
        where u.organization_id = :organization_id and u.in_force and u.override_watermark >= n.version
          and (n.property = 'name' and u.names or n.property in ('sellPrice', 'margin') and u.sell_prices)) as displaced_by
from (select * from newest union all select * from newest_price) n
where n.value is not null and (n.sku, coalesce(n.unit, ''), n.property) > (:sku, :unit, :property)
order by n.sku, coalesce(n.unit, ''), n.property
limit :limit
