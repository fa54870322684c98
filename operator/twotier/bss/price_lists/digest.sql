-- The digest of the open versions, which are the content: one hash over those of all groups.
select encode(sha256(string_agg(digest, '' order by number)), 'hex') as digest, sum(offers) as offers, sum(products) as products
from digested_group where price_list_id = :price_list_id
