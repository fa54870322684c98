-- name: digest_groups
-- Digest the groups of products in which a row was written, and those whose digest is not known yet. A group is hashed
-- as a whole: a sum of the hashes of its rows, which an import could carry on, can be forged by whoever writes the
-- rows.
-- No value has a control character other than a line break or a tab in it, so the separators 1E and 1F (hexadecimal)
-- can only stand between records and fields. Null and empty are one, as they are in the files.
-- Whether a group is touched is looked up row by row ("is true"): the planner would hash the whole list to join it.
insert into digested_group (price_list_id, number, digest, offers, products)
with touched as (
  select digest_group(sku) as number from changed_offer
  union
  select digest_group(sku) from changed_product
  union
  select digest_group(sku) from changed_relation
  union
  select number from generate_series(0, 255) number
  where number not in (select number from digested_group where price_list_id = :price_list_id)
), products as (
  select digest_group(sku) as number, count(*) as products, sha256(convert_to(string_agg(concat(
           sku, E'\x1f', name, E'\x1f', description, E'\x1f', category, E'\x1f', product_type, E'\x1f', charge_type, E'\x1f',
           kind, E'\x1f', active), E'\x1e' order by sku), 'UTF8')) as digest
  from open_product
  where price_list_id = :price_list_id and (digest_group(sku) in (select number from touched)) is true
  group by digest_group(sku)
), offers as (
  select digest_group(sku) as number, count(*) as offers, sha256(convert_to(string_agg(concat(
           sku, E'\x1f', unit, E'\x1f', price, E'\x1f', recommended_sell_price, E'\x1f', nullif(tiers, '{}'), E'\x1f', active),
           E'\x1e' order by sku, unit), 'UTF8')) as digest
  from open_offer
  where price_list_id = :price_list_id and (digest_group(sku) in (select number from touched)) is true
  group by digest_group(sku)
), relations as (
  select digest_group(sku) as number, sha256(convert_to(string_agg(concat(
           kind, E'\x1f', sku, E'\x1f', related_sku, E'\x1f', quantity), E'\x1e' order by kind, sku, related_sku), 'UTF8')) as digest
  from open_product_relation
  where price_list_id = :price_list_id and (digest_group(sku) in (select number from touched)) is true
  group by digest_group(sku)
)
select :price_list_id, number,
       sha256(coalesce(products.digest, sha256('')) || coalesce(offers.digest, sha256('')) || coalesce(relations.digest, sha256(''))),
       coalesce(offers, 0), coalesce(products, 0)
from touched
left join products using (number)
left join offers using (number)
left join relations using (number)
on conflict (price_list_id, number) do update
set digest = excluded.digest, offers = excluded.offers, products = excluded.products

-- name: digest_content
-- Digest the content of a list, its open versions, by one hash over those of all groups; and count it.
select encode(sha256(string_agg(digest, '' order by number)), 'hex') as digest, sum(offers) as offers, sum(products) as products
from digested_group where price_list_id = :price_list_id
