-- An acceptance counts from when it was declared first. Where it names what is held, it is of that, and no good any more
-- if another revision was published since.
update price_list l
set accepted_digest = :accepted_digest,
    accepted_base = coalesce((select base from held_revision h where h.price_list_id = l.id and h.digest = :accepted_digest),
                             l.head_revision)
where l.id = :price_list_id
