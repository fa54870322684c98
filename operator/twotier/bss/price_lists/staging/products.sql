-- One product a SKU. Real lists say different things of a product in the rows of its offers: the row of the first unit,
-- in the order of its characters, is right, whatever the order of the rows. A product is active while an offer of it is.
insert into read_product
select distinct on (sku) sku, name, description, category, product_type, charge_type, kind,
       bool_or(active) over (partition by sku order by unit rows between unbounded preceding and unbounded following)
from read_row
where occurrence = 1
order by sku, unit
