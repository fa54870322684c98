select h.* from price_list_source s
join price_list l on l.id = s.price_list_id and l.head_revision = s.revision
join held_revision h on h.price_list_id = s.price_list_id and h.digest = s.held_digest and h.base = s.revision
where s.price_list_id = :price_list_id
