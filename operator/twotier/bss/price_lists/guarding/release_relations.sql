with held as (
  select * from held_relation where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_relation (kind, sku, related_sku, change) select kind, sku, related_sku, change from held
)
insert into read_relation (part, line, kind, sku, related_sku, quantity, given)
select 0, 0, kind, sku, related_sku, quantity, related_sku from held where change <> 'removed'
