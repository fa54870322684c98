-- name: find_judgement
-- Find what became of the files that a price list's source had last.
select * from price_list_source where price_list_id = :price_list_id

-- name: replace_judgement
-- Remember what became of the files that a price list's source has, in place of those before.
insert into price_list_source (price_list_id, digest, judged_at, guards, revision, held_digest, next_boundary, flags, good_import_at)
values (:price_list_id, :digest, :judged_at, :guards, :revision, :held_digest, :next_boundary, cast(:flags as jsonb), :good_import_at)
on conflict (price_list_id) do update
set digest = excluded.digest, judged_at = excluded.judged_at, guards = excluded.guards, revision = excluded.revision,
    held_digest = excluded.held_digest, next_boundary = excluded.next_boundary, flags = excluded.flags,
    good_import_at = excluded.good_import_at

-- name: note_publication
-- Note that what is held of a price list's source became a revision.
update price_list_source
set revision = :revision, held_digest = null, good_import_at = :now
where price_list_id = :price_list_id and held_digest = :held_digest

-- name: find_good_import
-- Find when new files of a price list were last accepted, changed or not. If no source was judged yet, that
-- is when the head was imported.
select coalesce(s.good_import_at, r.imported_at)
from price_list l
left join price_list_source s on s.price_list_id = l.id
left join price_list_revision r on r.price_list_id = l.id and r.revision = l.head_revision
where l.id = :price_list_id
