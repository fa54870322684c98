-- What a revision has more and less than the one before: offers, products, and the sum of the hashes of all rows, a hash as
-- four numbers of 64 bits with a sign. No value has a control character other than a line break or a tab in it, so that the
-- separator 1F (hexadecimal) can only stand between fields. Null and empty are one, as they are in the files.
select came, count(*) filter (where kind = 'offer') as offers, count(*) filter (where kind = 'product') as products,
       array[sum(substr(hash, 1, 8)::bigint), sum(substr(hash, 9, 8)::bigint),
             sum(substr(hash, 17, 8)::bigint), sum(substr(hash, 25, 8)::bigint)] as hashes
from (
  select came, 'offer' as kind, sha256(convert_to(concat(
           'offer', E'\x1f', sku, E'\x1f', unit, E'\x1f', price, E'\x1f', recommended_sell_price, E'\x1f',
           nullif(tiers, '{}'), E'\x1f', active), 'UTF8')) as hash
  from (
    select true as came, * from offer where price_list_id = :price_list_id and from_revision = :revision
    union all
    select false, * from offer where price_list_id = :price_list_id and to_revision = :revision) offer
  union all
  select came, 'product', sha256(convert_to(concat(
           'product', E'\x1f', sku, E'\x1f', name, E'\x1f', description, E'\x1f', category, E'\x1f', product_type, E'\x1f',
           charge_type, E'\x1f', kind, E'\x1f', active), 'UTF8'))
  from (
    select true as came, * from product where price_list_id = :price_list_id and from_revision = :revision
    union all
    select false, * from product where price_list_id = :price_list_id and to_revision = :revision) product
  union all
  select came, 'relation', sha256(convert_to(concat(
           'relation', E'\x1f', kind, E'\x1f', sku, E'\x1f', related_sku, E'\x1f', quantity), 'UTF8'))
  from (
    select true as came, * from product_relation where price_list_id = :price_list_id and from_revision = :revision
    union all
    select false, * from product_relation where price_list_id = :price_list_id and to_revision = :revision) relation
  offset 0) moved
group by came
