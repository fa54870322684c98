-- name: declare_price_list
-- Make a distributor's price list what is declared, and return its id and currency as they are then. Nothing is written
-- where nothing differs, nor where a list that has revisions would get another currency.
with declared as (
  insert into price_list as l (organization_id, key, name, currency, active, valid_from, valid_until)
  values (:organization_id, :key, :name, :currency, :active, :valid_from, :valid_until)
  on conflict (organization_id, name) do update
  set currency = excluded.currency, active = excluded.active,
      valid_from = excluded.valid_from, valid_until = excluded.valid_until
  where (l.currency, l.active, l.valid_from, l.valid_until)
        is distinct from (excluded.currency, excluded.active, excluded.valid_from, excluded.valid_until)
    and (l.currency = excluded.currency or l.head_revision = 0)
  returning id, currency
)
select id, currency from declared
union all
select id, currency from price_list
where organization_id = :organization_id and name = :name and not exists (select from declared)
