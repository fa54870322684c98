with version as (
  update catalogue_assignment set last_override = last_override + 1
  where organization_id = :organization_id and catalogue_has(:sku, :unit)
  returning last_override
)
insert into offer_override (organization_id, sku, unit, version, sell_price, margin_percent, recorded_at)
select :organization_id, :sku, :unit, last_override, :sell_price, :margin_percent, :now from version
returning version
