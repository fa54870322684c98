-- name: find_run
-- Find a run of a tenant, with the reseller's newest override then, and the newest of those that it displaced.
select number, restored, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override
from catalogue_update
where organization_id = :organization_id and number = :number

-- name: list_entries
-- List a page of what differs in a tenant's catalogue between two runs, or between a run and an update planned after
-- it.
select (e.entry).sku, (e.entry).unit, (e.entry).relation, (e.entry).related_sku, (e.entry).kind, (e.entry).fields, e.name,
       (e.entry).below_cost, (e.entry).unpriced, (e.entry).old_quantity, (e.entry).new_quantity,
       (e.entry).own_sell_price, (e.entry).own_margin_percent, (e.entry).own_name,
       (e.old).cost as old_cost, (e.new).cost as new_cost,
       (e.old).tiers as old_tiers, (e.new).tiers as new_tiers,
       (e.old).sell_price as old_sell_price, (e.new).sell_price as new_sell_price,
       (e.old).name as old_name, (e.new).name as new_name,
       (e.old).description as old_description, (e.new).description as new_description,
       (e.old).category as old_category, (e.new).category as new_category,
       (e.old).offer_active and (e.old).product_active as old_activity,
       (e.new).offer_active and (e.new).product_active as new_activity,
       (e.old).product_type as old_product_type, (e.new).product_type as new_product_type,
       (e.old).charge_type as old_charge_type, (e.new).charge_type as new_charge_type,
       (e.old).kind as old_kind, (e.new).kind as new_kind
from (select) one_row
left join catalogue_pins_at(:organization_id, :before, :overrides) p on true
left join catalogue_pins_at(:organization_id, :after, :overrides) q on true
cross join lateral catalogue_entries(
  p, row(:price_list_id, :revision, :is_full, :sell_prices, :names, :watermark)::catalogue_target, q,
  row(:only_kind, :only_field, :only_sku, :after_sku, :after_unit, :after_relation, :after_related_sku, :limit)::entry_page
) e
