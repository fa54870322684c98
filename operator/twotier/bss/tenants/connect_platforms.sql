-- A connection to each platform that provisions a product type of the list, with what the platform calls the reseller.
insert into platform_connection (organization_id, platform, system_name, reference)
select distinct tenant.id, t.platform, t.platform, l.reference
from organization tenant
join platform_product_type t on t.organization_id = tenant.root_id
left join account_link l on l.organization_id = tenant.root_id and l.account_number = tenant.account_number
                        and l.platform = t.platform
where tenant.id = :organization_id
  and t.product_type in (select product_types(cast(:price_list_id as integer), cast(:revision as integer)))
on conflict do nothing
