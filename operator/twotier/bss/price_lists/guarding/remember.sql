insert into price_list_source (price_list_id, digest, judged_at, guards, revision, held_digest, next_boundary, flags, good_import_at)
values (:price_list_id, :digest, :judged_at, :guards, :revision, :held_digest, :next_boundary, cast(:flags as jsonb), :good_import_at)
on conflict (price_list_id) do update
set digest = excluded.digest, judged_at = excluded.judged_at, guards = excluded.guards, revision = excluded.revision,
    held_digest = excluded.held_digest, next_boundary = excluded.next_boundary, flags = excluded.flags,
    good_import_at = excluded.good_import_at
