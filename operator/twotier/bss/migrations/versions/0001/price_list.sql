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
