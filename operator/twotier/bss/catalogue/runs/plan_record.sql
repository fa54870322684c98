insert into catalogue_plan (
  organization_id, id, newest, watermark, price_list_id, revision, target_digest, is_full, sell_prices, names, restored,
  changes, below_cost, unpriced, own_values_kept, planned_at
) values (
  :organization_id, :id, :newest, :watermark, :price_list_id, :revision, :target_digest, :is_full, :sell_prices, :names,
  :restored, cast(:changes as jsonb), :below_cost, :unpriced, :own_values_kept, :now
)
on conflict do nothing
