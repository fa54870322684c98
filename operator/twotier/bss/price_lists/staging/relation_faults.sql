select part, line, property, code, given, null::text as other, count(*) over () as total
from (
  select part, line, given,
         case kind when 'add-on' then 'addOnOf' when 'upgrade' then 'upgradeTo' else 'components' end as property,
         case when kind = 'component' and coalesce(quantity, 0) = 0 then 'no-quantity'
              when related_sku = sku then 'itself'
              when not exists (select from read_row target where target.sku = relation.related_sku)
                and not exists (select from staged_row target where target.sku = relation.related_sku) then 'unknown-sku'
              when kind = 'component' and exists (
                select from read_relation other
                where other.kind = relation.kind and other.sku = relation.sku and other.related_sku = relation.related_sku
                  and other.quantity <> relation.quantity) then 'two-quantities'
         end as code
  from read_relation relation) judged
where code is not null
order by part, line, property, given
limit :shown
