insert into held_revision as h (price_list_id, digest, base, held_at, source, reasons, offers, products,
                                added, removed, price_changed, other_changed)
values (:price_list_id, :digest, :base, :held_at, :source, cast(:reasons as jsonb), :offers, :products,
        :added, :removed, :price_changed, :other_changed)
on conflict (price_list_id, digest) do update
set base = excluded.base, source = excluded.source, reasons = excluded.reasons,
    held_at = case when h.base = excluded.base then h.held_at else excluded.held_at end,
    added = excluded.added, removed = excluded.removed,
    price_changed = excluded.price_changed, other_changed = excluded.other_changed
