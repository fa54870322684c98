-- Price lists are shared rows and competitors' secrets at once: no tenant's role has a grant on these tables.
-- Revision r of a list is the set of rows with from_revision <= r < to_revision.

create table price_list (
  id              integer generated always as identity primary key,
  organization_id uuid not null references organization,   -- the distributor
  name            text collate "C" not null,
  currency        char(3) not null,
  active          boolean not null default true,
  valid_from      date,                                     -- in the distributor's time zone, first day
  valid_until     date,                                     -- last day
  head_revision   integer not null default 0,               -- 0: nothing was accepted yet
  source_digest   text collate "C",                         -- of the bytes and the format that gave the head
  unique (organization_id, name)
);

create table price_list_revision (
  price_list_id integer not null references price_list,
  revision      integer not null check (revision > 0),
  digest        text collate "C" not null,                  -- of the normalised content
  imported_at   timestamptz not null,
  source        text not null,                              -- where the file came from, for people
  offers        integer not null,
  products      integer not null,
  added         integer not null,                           -- offers, against the revision before
  removed       integer not null,
  price_changed integer not null,
  other_changed integer not null,
  primary key (price_list_id, revision)
);

create type price_tier as (minimum_quantity numeric, price numeric);

create table product (
  price_list_id integer not null,
  sku           text collate "C" not null,
  from_revision integer not null,
  to_revision   integer not null default 2147483647,
  name          text collate "C" not null,
  description   text collate "C",
  category      text collate "C",
  product_type  text collate "C",                           -- the service that provisions it
  charge_type   text collate "C" not null default 'recurring' check (charge_type in ('recurring', 'one-off', 'usage')),
  kind          text collate "C" not null default 'product' check (kind in ('product', 'add-on', 'bundle')),
  active        boolean not null default true,
  check (from_revision < to_revision),
  primary key (price_list_id, sku, from_revision)
);

create table offer (
  price_list_id          integer not null,
  sku                    text collate "C" not null,
  unit                   text collate "C" not null,         -- term and billing cycle
  from_revision          integer not null,
  to_revision            integer not null default 2147483647,
  price                  numeric not null,                  -- the distributor's retail price: the tenant's cost
  recommended_sell_price numeric,
  tiers                  price_tier[] not null default '{}',-- by ascending minimum quantity
  active                 boolean not null default true,
  check (from_revision < to_revision),
  primary key (price_list_id, sku, unit, from_revision)
);

create table product_relation (
  price_list_id integer not null,
  kind          text collate "C" not null check (kind in ('add-on', 'upgrade', 'component')),
  sku           text collate "C" not null,                  -- the add-on, the upgrade's start, the bundle
  related_sku   text collate "C" not null,                  -- the primary product, the upgrade's target, the component
  from_revision integer not null,
  to_revision   integer not null default 2147483647,
  quantity      numeric,                                    -- components only
  check (from_revision < to_revision),
  primary key (price_list_id, kind, sku, related_sku, from_revision)
);

-- At most one version of a row is open; import finds it by its key.
create unique index offer_open on offer (price_list_id, sku, unit) where to_revision = 2147483647;
create unique index product_open on product (price_list_id, sku) where to_revision = 2147483647;
create unique index product_relation_open on product_relation (price_list_id, kind, sku, related_sku) where to_revision = 2147483647;

grant select, insert, update on price_list, offer, product, product_relation to twotier_operator;
grant select, insert on price_list_revision to twotier_operator;

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

grant execute on function amount_fault(text), offer_differences(integer, integer, integer) to twotier_operator;
