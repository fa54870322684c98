with returned as (
  delete from suspect_offer s
  where s.price_list_id = :price_list_id and (s.sku, s.unit) not in (select sku, unit from kept_offer)
)
insert into suspect_offer as s (price_list_id, sku, unit, missing_since, discontinued_at)
select :price_list_id, sku, unit, missing_since, missing_since + cast(:discontinue_after as interval) from kept_offer
on conflict (price_list_id, sku, unit) do update set discontinued_at = excluded.discontinued_at
where s.discontinued_at <> excluded.discontinued_at
