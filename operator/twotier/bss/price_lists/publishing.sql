-- name: lock_price_list
-- Find a price list and keep everybody else from making a revision of it until the transaction ends. An acceptance is
-- good while its base is the head.
select id, currency, head_revision, accepted_digest, accepted_base = head_revision as is_good,
       (select r.offers from price_list_revision r where r.price_list_id = id and r.revision = head_revision) as offers
from price_list
where id = :price_list_id
for update

-- name: publish_revision
-- Make what was written the head of its price list, and record it as a revision. What was held against the revision
-- before can no longer be accepted, and its rows are of no more use.
with published as (
  update price_list set head_revision = :revision where id = :price_list_id
), held_offers as (
  delete from held_offer where price_list_id = :price_list_id
), held_products as (
  delete from held_product where price_list_id = :price_list_id
), held_relations as (
  delete from held_relation where price_list_id = :price_list_id
)
insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, products,
                                 added, removed, price_changed, other_changed)
values (:price_list_id, :revision, :digest, :imported_at, :source, :offers, :products,
        :added, :removed, :price_changed, :other_changed)
