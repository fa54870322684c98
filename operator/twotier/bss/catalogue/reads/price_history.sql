select e.number as run, e.finished_at as applied_at, l.name as price_list, e.revision, c.cost, c.sell_price, c.discontinued
from catalogue_pins p
cross join lateral runs_of(p) e
join price_list l on l.id = e.price_list_id
cross join lateral catalogue_pins_at(p.organization_id, e.number, null) q
cross join lateral inherited_lookup(q, :sku, :unit) i
cross join lateral with_overrides(q, i) c
where p.organization_id = :organization_id and i.sku is not null
order by e.number
