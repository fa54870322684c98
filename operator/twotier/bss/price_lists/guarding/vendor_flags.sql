-- name: audit_flags
-- Find the first offers whose flag does not fit what the comparison found, with how many there are, and how many offers
-- have a flag at all, in every row. The flag of an offer is that of its lowest range of quantity; where that has not
-- changed, but a higher one has, the offer has.
with flagged_row as (
  select btrim(sku, :blank) as sku, btrim(unit, :blank) as unit, coalesce(tier_minimum, '1') in ('0', '1') as is_lowest,
         case lower(btrim(change_flag, :blank)) when 'add' then 'added' when 'change' then 'changed' when 'unchanged' then 'unchanged' end as said
  from staged_row
), changed_range as (
  select distinct sku, unit from flagged_row where not is_lowest and said <> 'unchanged'
), flagged as (
  select f.sku, f.unit, case when said = 'unchanged' and r.sku is not null then 'changed' else said end as said
  from flagged_row f
  left join changed_range r on r.sku = f.sku and r.unit = f.unit
  where f.is_lowest and f.said is not null
), changed_otherwise as (
  select sku from changed_product where change = 'other' union select sku from changed_relation
), previous as (
  select r.sku, r.unit, substring(s.previous_values from :previous_price)::numeric as said, o.price as found
  from staged_row s
  join read_row r using (part, line)
  join open_offer o on o.price_list_id = :price_list_id and o.sku = r.sku and o.unit = r.unit
  where s.previous_values is not null and r.occurrence = 1
), judged as (
  select f.sku, f.unit, f.said,
         case when c.change = 'added' then 'added' when c.change is not null or o.sku is not null then 'changed' else 'unchanged' end as found,
         p.said as said_price, p.found as found_price
  from flagged f
  left join changed_offer c on c.sku = f.sku and c.unit = f.unit
  left join changed_otherwise o on o.sku = f.sku
  left join previous p on p.sku = f.sku and p.unit = f.unit
), wrong as (
  select distinct sku, unit,
         case when said = found then 'previous price ' || said_price
              when said = 'added' then 'Add' when said = 'changed' then 'Change' else 'Unchanged' end as flag,
         case when said = found then 'previous price ' || found_price else found end as found
  from judged
  where said <> found or said = 'changed' and said_price <> found_price
), shown as (
  select * from wrong order by sku, unit limit :shown
)
select (select count(*) from flagged) as flagged, (select count(*) from wrong) as total, shown.*
from (values (1)) always left join shown on true
order by shown.sku, shown.unit
