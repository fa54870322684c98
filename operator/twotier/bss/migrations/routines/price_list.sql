-- Where a version ends that is still open, as those in the head are: after every revision there can be. The planner sees
-- the number, and so finds the partial indexes over open and ended versions, which were made with it.
create function open_end() returns integer immutable parallel safe language sql return 2147483647;

-- The head of every price list: its open versions. Who writes through these views ends a version.
create view open_offer with (security_invoker) as
select * from offer where to_revision = open_end();
create view open_product with (security_invoker) as
select * from product where to_revision = open_end();
create view open_product_relation with (security_invoker) as
select * from product_relation where to_revision = open_end();

grant execute on function open_end to twotier_operator, twotier_viewer;
grant select, update (to_revision) on open_offer, open_product, open_product_relation to twotier_operator;
grant select on open_offer, open_product, open_product_relation to twotier_viewer;

-- What is wrong with the text of an amount, in one word; null if nothing is. PostgreSQL itself would take NaN, Infinity,
-- 1_000 and 0x1F, and gives up at 1e400 without a line number.
create function amount_fault(given text) returns text immutable parallel safe language sql return
  case when given ~ '^[0-9]+(?:\.[0-9]+)?$'
         and octet_length(split_part(given, '.', 1)) <= 12 and octet_length(split_part(given, '.', 2)) <= 18 then null
       when given !~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$' then 'not-a-number'
       when given ~ '^-' then 'negative'
       when length(given) > 60 or given ~ '[eE][+-]?[0-9]{3}' then 'out-of-range'
       when given::numeric >= 1e12 then 'out-of-range'
       when scale(given::numeric) > 18 then 'too-many-decimals'
  end;

-- Whether a text is this amount, however it is written; null rather than false where it is not an amount at all.
create function is_amount(given text, amount numeric) returns boolean immutable parallel safe language sql return
  given = amount::text or case when amount_fault(given) is null then given::numeric = amount end;

-- The group of products that a list's digest has this one in; any even spread does, as long as it is the same everywhere.
create function digest_group(sku text) returns bigint stable parallel safe language sql return
  crc32c(convert_to(sku, 'UTF8')) & 255;

-- The offers that differ between two revisions, forward or back, found by the versions that began or ended between them.
create function offer_differences(list integer, old integer, new integer)
  returns table (sku text, unit text, change text, old_price numeric, new_price numeric) stable language sql
begin atomic
  with moved_offer as (
    select o.sku, o.unit from offer o
    where o.price_list_id = list and o.from_revision > least(old, new) and o.from_revision <= greatest(old, new)
    union
    select o.sku, o.unit from offer o
    where o.price_list_id = list and o.to_revision > least(old, new) and o.to_revision <= greatest(old, new)
  ), moved_product as (
    select p.sku from product p
    where p.price_list_id = list and p.from_revision > least(old, new) and p.from_revision <= greatest(old, new)
    union
    select p.sku from product p
    where p.price_list_id = list and p.to_revision > least(old, new) and p.to_revision <= greatest(old, new)
    union
    select r.sku from product_relation r
    where r.price_list_id = list and (r.from_revision > least(old, new) and r.from_revision <= greatest(old, new)
                                      or r.to_revision > least(old, new) and r.to_revision <= greatest(old, new))
  ), product_difference as (
    select moved.sku from moved_product moved
    where (select row(p.name, p.description, p.category, p.product_type, p.charge_type, p.kind, p.active)
           from product p where p.price_list_id = list and p.sku = moved.sku and p.from_revision <= old and old < p.to_revision)
          is distinct from
          (select row(p.name, p.description, p.category, p.product_type, p.charge_type, p.kind, p.active)
           from product p where p.price_list_id = list and p.sku = moved.sku and p.from_revision <= new and new < p.to_revision)
       or (select array_agg(row(r.kind, r.related_sku, r.quantity) order by r.kind, r.related_sku)
           from product_relation r where r.price_list_id = list and r.sku = moved.sku and r.from_revision <= old and old < r.to_revision)
          is distinct from
          (select array_agg(row(r.kind, r.related_sku, r.quantity) order by r.kind, r.related_sku)
           from product_relation r where r.price_list_id = list and r.sku = moved.sku and r.from_revision <= new and new < r.to_revision)
  ), candidate as (
    select m.sku, m.unit from moved_offer m
    union
    select o.sku, o.unit from product_difference d
    join offer o on o.price_list_id = list and o.sku = d.sku and o.from_revision <= new and new < o.to_revision
  ), judged as (
    select c.sku, c.unit, was.price as old_price, becomes.price as new_price,
           case when was.sku is null and becomes.sku is null then null
                when was.sku is null then 'added' when becomes.sku is null then 'removed'
                when was.price <> becomes.price then 'price'
                when was.recommended_sell_price is distinct from becomes.recommended_sell_price
                  or was.active <> becomes.active or was.tiers <> becomes.tiers
                  or c.sku in (select d.sku from product_difference d) then 'other' end as change
    from candidate c
    left join offer was on was.price_list_id = list and was.sku = c.sku and was.unit = c.unit
                       and was.from_revision <= old and old < was.to_revision
    left join offer becomes on becomes.price_list_id = list and becomes.sku = c.sku and becomes.unit = c.unit
                           and becomes.from_revision <= new and new < becomes.to_revision
  )
  select j.sku, j.unit, j.change, j.old_price, j.new_price from judged j where j.change is not null;
end;

grant execute on function amount_fault(text), is_amount(text, numeric), digest_group(text), offer_differences(integer, integer, integer) to twotier_operator;
grant execute on function offer_differences(integer, integer, integer) to twotier_viewer;
