with version as (
  update catalogue_assignment set last_override = last_override + 1
  where organization_id = :organization_id and catalogue_has(:sku, null)
  returning last_override
)
insert into product_override (organization_id, sku, field, version, value, recorded_at)
select :organization_id, :sku, :field, last_override, :value, :now from version
returning version
