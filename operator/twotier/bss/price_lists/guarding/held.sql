-- name: hold_revision
-- Hold a revision under the digest of its content, with the reasons. Content that was held before against the same head
-- has been held since then.
insert into held_revision as h (price_list_id, digest, base, held_at, source, reasons, offers, products,
                                added, removed, price_changed, other_changed)
values (:price_list_id, :digest, :base, :held_at, :source, cast(:reasons as jsonb), :offers, :products,
        :added, :removed, :price_changed, :other_changed)
on conflict (price_list_id, digest) do update
set base = excluded.base, source = excluded.source, reasons = excluded.reasons,
    held_at = case when h.base = excluded.base then h.held_at else excluded.held_at end,
    added = excluded.added, removed = excluded.removed,
    price_changed = excluded.price_changed, other_changed = excluded.other_changed

-- name: hold_offers
-- Keep the offers that a held revision would change.
insert into held_offer (price_list_id, digest, sku, unit, change, price, recommended_sell_price, tiers, active)
select :price_list_id, :digest, c.sku, c.unit, c.change, r.price, r.recommended_sell_price, r.tiers, r.active
from changed_offer c
left join read_row r on r.sku = c.sku and r.unit = c.unit and r.occurrence = 1
on conflict do nothing

-- name: hold_products
-- Keep the products that a held revision would change.
insert into held_product (price_list_id, digest, sku, change, name, description, category, product_type, charge_type, kind, active)
select :price_list_id, :digest, sku, c.change, r.name, r.description, r.category, r.product_type, r.charge_type, r.kind, r.active
from changed_product c
left join read_product r using (sku)
on conflict do nothing

-- name: hold_relations
-- Keep the relations that a held revision would change.
insert into held_relation (price_list_id, digest, kind, sku, related_sku, change, quantity)
select distinct cast(:price_list_id as integer), cast(:digest as text), kind, sku, related_sku, c.change, r.quantity
from changed_relation c
left join read_relation r using (kind, sku, related_sku)
on conflict do nothing

-- name: note_acceptance
-- Note which content a person accepts. An acceptance counts from when it was declared first. Where it names what is
-- held, it is of that, and no good any more if another revision was published since.
update price_list l
set accepted_digest = :accepted_digest,
    accepted_base = coalesce((select base from held_revision h where h.price_list_id = l.id and h.digest = :accepted_digest),
                             l.head_revision)
where l.id = :price_list_id

-- name: find_held
-- Find the content of a price list's source that the guards hold.
select h.* from price_list_source s
join price_list l on l.id = s.price_list_id and l.head_revision = s.revision
join held_revision h on h.price_list_id = s.price_list_id and h.digest = s.held_digest and h.base = s.revision
where s.price_list_id = :price_list_id

-- name: find_acceptable
-- Find the held revision of a digest, unless another one was published since, or the source was corrected to what the
-- head says already: then nothing is held any more, although there is no new revision.
select h.*
from held_revision h
join price_list_source s using (price_list_id)
where h.price_list_id = :price_list_id and h.digest = :digest and h.base = :base and s.held_digest is not null

-- name: list_differences
-- List a page of the offers that a held revision would change, by SKU and unit. Offers with the same price of which
-- only their product or its relations differ have no rows of their own.
select d.sku, d.unit, coalesce(h.name, p.name) as name, d.change, d.old_price, d.new_price
from (
  select k.sku, k.unit, k.change, o.price as old_price, k.price as new_price
  from held_offer k
  left join offer o on o.price_list_id = k.price_list_id and o.sku = k.sku and o.unit = k.unit
                   and o.from_revision <= :base and :base < o.to_revision
  where k.price_list_id = :price_list_id and k.digest = :digest
  union all
  select o.sku, o.unit, 'other', o.price, o.price
  from offer o
  where o.price_list_id = :price_list_id and o.from_revision <= :base and :base < o.to_revision
    and o.sku in (select sku from held_product where price_list_id = :price_list_id and digest = :digest and change = 'other'
                  union select sku from held_relation where price_list_id = :price_list_id and digest = :digest)
    and not exists (select from held_offer k where k.price_list_id = :price_list_id and k.digest = :digest
                    and k.sku = o.sku and k.unit = o.unit)
) d
left join held_product h on h.price_list_id = :price_list_id and h.digest = :digest and h.sku = d.sku
left join product p on p.price_list_id = :price_list_id and p.sku = d.sku and p.from_revision <= :base and :base < p.to_revision
where (d.sku, d.unit) > (:after_sku, :after_unit) and (cast(:change as text) is null or d.change = :change)
order by d.sku, d.unit
limit cast(:limit as integer)

-- name: release_offers
-- Put the offers of an accepted revision to where an import has them before it writes them.
with held as (
  select * from held_offer where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_offer (sku, unit, change) select sku, unit, change from held
)
insert into read_row (part, line, sku, unit, price, recommended_sell_price, tiers, active, faults, occurrence)
select 0, 0, sku, unit, price, recommended_sell_price, tiers, active, '', 1 from held where change <> 'removed'

-- name: release_products
-- Put the products of an accepted revision to where an import has them before it writes them.
with held as (
  select * from held_product where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_product (sku, change) select sku, change from held
)
insert into read_product (sku, name, description, category, product_type, charge_type, kind, active)
select sku, name, description, category, product_type, charge_type, kind, active from held where change <> 'removed'

-- name: release_relations
-- Put the relations of an accepted revision to where an import has them before it writes them.
with held as (
  select * from held_relation where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_relation (kind, sku, related_sku, change) select kind, sku, related_sku, change from held
)
insert into read_relation (part, line, kind, sku, related_sku, quantity, given)
select 0, 0, kind, sku, related_sku, quantity, related_sku from held where change <> 'removed'
