-- The digest of the open versions, which are the content: one hash over all of it, because a sum of the hashes of its rows,
-- which an import could carry on, can be forged by who writes the rows. No value has a control character other than a line break or a
-- tab in it, so that the separators 1E and 1F (hexadecimal) can only stand between records and fields. Null and empty are
-- one, as they are in the files.
select encode(sha256(products.digest || offers.digest || relations.digest), 'hex') as digest,
       offers.number as offers, products.number as products
from (
  select sha256(convert_to(coalesce(string_agg(concat(
           sku, E'\x1f', name, E'\x1f', description, E'\x1f', category, E'\x1f', product_type, E'\x1f', charge_type, E'\x1f',
           kind, E'\x1f', active), E'\x1e' order by sku), ''), 'UTF8')) as digest, count(*) as number
  from product where price_list_id = :price_list_id and to_revision = 2147483647) products,
(
  select sha256(convert_to(coalesce(string_agg(concat(
           sku, E'\x1f', unit, E'\x1f', price, E'\x1f', recommended_sell_price, E'\x1f', nullif(tiers, '{}'), E'\x1f', active),
           E'\x1e' order by sku, unit), ''), 'UTF8')) as digest, count(*) as number
  from offer where price_list_id = :price_list_id and to_revision = 2147483647) offers,
(
  select sha256(convert_to(coalesce(string_agg(concat(
           kind, E'\x1f', sku, E'\x1f', related_sku, E'\x1f', quantity), E'\x1e' order by kind, sku, related_sku), ''), 'UTF8')) as digest
  from product_relation where price_list_id = :price_list_id and to_revision = 2147483647) relations
