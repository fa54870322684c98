with assigned as (
  insert into catalogue_assignment (organization_id, current, last_number) values (:organization_id, 1, 1)
  on conflict do nothing
  returning organization_id
)
insert into catalogue_update (
  organization_id, number, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override,
  requested_by, requested_at, finished_at, changes,
  first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
)
select a.organization_id, 1, v.list, v.revision, true, true, true, 0, 0,
       :requested_by, :started_at, :now, cast(:changes as jsonb), v.list, v.revision, 1, v.list, v.revision,
       v.list, v.revision, v.list, v.revision, 0,
       v.list, v.revision, v.list, v.revision, 0
from assigned a
cross join (values (cast(:price_list_id as integer), cast(:revision as integer))) v(list, revision)
returning number
