-- What was held against the revision before can no longer be accepted, and its rows are of no more use.
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
