with published as (
  update price_list set head_revision = :revision, source_digest = :source_digest where id = :price_list_id
)
insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, products,
                                 added, removed, price_changed, other_changed)
values (:price_list_id, :revision, :digest, :imported_at, :source, :offers, :products,
        :added, :removed, :price_changed, :other_changed)
