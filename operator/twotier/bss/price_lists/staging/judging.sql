-- name: find_value_faults
-- Find the first faults of values in the order of their lines, with the value as it stands in the file, and count all
-- of them.
select s.part, s.line, split_part(fault, ':', 1) as property, split_part(fault, ':', 2) as code,
       case split_part(fault, ':', 1)
         when 'sku' then s.sku when 'unit' then s.unit when 'price' then s.price
         when 'recommendedSellPrice' then s.recommended_sell_price when 'currency' then s.currency
         when 'name' then s.name when 'description' then s.description when 'category' then s.category
         when 'productType' then s.product_type when 'chargeType' then s.charge_type when 'kind' then s.kind
         when 'active' then s.active when 'tiers' then s.tiers
         when 'addOnOf' then s.add_on_of when 'upgradeTo' then s.upgrade_to when 'components' then s.components
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

-- name: read_relations
-- Take cells with several entries apart into relations: "OFFICE;OFFICE-PLUS", and "OFFICE*1;BACKUP*5" for components.
-- One cell may have thousands of them, so they are taken up to a limit.
insert into read_relation
select part, line, relations.kind, btrim(sku, :blank),
       case when relations.kind = 'component' then btrim(regexp_replace(entry, '[*][^*]*$', ''), :blank) else entry end,
       case when relations.kind = 'component' and entry ~ '[*] *[0-9]{1,9} *$' then substring(entry from '([0-9]+) *$')::numeric end,
       entry
from staged_row
cross join lateral (values ('add-on', add_on_of), ('upgrade', upgrade_to), ('component', components)) relations(kind, entries)
cross join lateral (select btrim(entry, :blank) as entry from string_to_table(entries, ';') entry) entries
where (add_on_of is not null or upgrade_to is not null or components is not null) and entry <> ''
limit :most

-- name: find_duplicates
-- Find the first rows that give a key again with other content than before, and count all of them.
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

-- name: find_relation_faults
-- Find the first relations that cannot be: with the product itself, with one that is not in the list, or in a quantity
-- that is missing or contradicts another one. Count all of them.
select part, line, property, code, given, null::text as other, count(*) over () as total
from (
  select part, line, given,
         case kind when 'add-on' then 'addOnOf' when 'upgrade' then 'upgradeTo' else 'components' end as property,
         case when kind = 'component' and coalesce(quantity, 0) = 0 then 'no-quantity'
              when related_sku = sku then 'itself'
              when not exists (select from read_row target where target.sku = relation.related_sku)
                and not exists (select from staged_row target where target.sku = relation.related_sku) then 'unknown-sku'
              when kind = 'component' and lowest <> highest then 'two-quantities'
         end as code
  from (
    select *, min(quantity) over same as lowest, max(quantity) over same as highest
    from read_relation
    window same as (partition by kind, sku, related_sku)) relation) judged
where code is not null
order by part, line, property, given
limit :shown

-- name: find_tier_faults
-- Find the first rows of an offer whose range of quantity does not follow the one before, and count all of them:
-- quantities between the two have no price, or two. Some sheets name the last quantity of a range, others the first one
-- after it.
select part, line, 'tierMinimum' as property, 'tier-does-not-follow' as code, tier_minimum::text as given,
       'the one on line ' || line_before || ' ends at ' || maximum_before as other, count(*) over () as total
from (
  select part, line, tier_minimum,
         lag(tier_maximum) over (partition by sku, unit order by tier_minimum) as maximum_before,
         lag(line) over (partition by sku, unit order by tier_minimum) as line_before
  from read_row
  where occurrence = 1
    and (sku, unit) in (select sku, unit from read_row where occurrence = 1 and tier_minimum > 1)) ranged
where tier_minimum not in (maximum_before, maximum_before + 1)
order by part, line
limit :shown
