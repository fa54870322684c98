-- name: count_content
-- Count the offers and products of the list that the files make, and what people ask about in it.
select count(*) filter (where occurrence > 1) as repeated,
       count(*) filter (where occurrence = 1) as offers,
       (select count(*) from read_product) as products,
       count(*) filter (where occurrence = 1 and tiers <> '{}') as with_tiers,
       count(*) filter (where occurrence = 1 and price = 0) as zero_prices,
       count(*) filter (where occurrence = 1 and active and coalesce(recommended_sell_price, 0) = 0) as unpriced
from read_row
