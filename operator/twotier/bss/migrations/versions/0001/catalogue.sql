-- A tenant's inherited catalogue is the history of its updates plus the tenant's own rows: nothing of a list is copied.

-- Reads name a list, a revision and a key: the ends of a version in the index key spare the heap the versions not meant.
create unique index offer_by_sku on offer (price_list_id, sku, unit, from_revision, to_revision);
create index product_by_name on product (price_list_id, name, sku, from_revision, to_revision);
-- What changed between two revisions is two ranges: the versions that began and those that ended between them.
create index offer_begun on offer (price_list_id, from_revision);
create index offer_ended on offer (price_list_id, to_revision) where to_revision < 2147483647;
create index product_begun on product (price_list_id, from_revision);
create index product_ended on product (price_list_id, to_revision) where to_revision < 2147483647;

-- A unit is one of few and a SKU comes in several; together they are nearly a key.
create statistics offer_key (ndistinct) on sku, unit from offer;

create table catalogue_assignment (
  organization_id uuid primary key references organization on delete cascade,
  current         integer not null,               -- the newest run that counts: its pins are in force
  last_number     integer not null,               -- of the runs, undos included; no number is used twice
  last_override   integer not null default 0      -- version number of the newest override
);
call isolate('catalogue_assignment');

-- One row a run, and the only truth. The pins say what holds after it, so that most reads need the newest row alone.
create table catalogue_update (
  organization_id      uuid not null references catalogue_assignment on delete cascade,
  number               integer not null,
  price_list_id        integer not null,          -- what the run saw; the pin of cost and tiers
  revision             integer not null,
  is_full              boolean not null,
  sell_prices          boolean not null,
  names                boolean not null,
  override_watermark   integer not null,          -- versions up to it were displaced by the options chosen
  restored             integer,                   -- an undo: the run it went back to
  undone_by            integer,
  in_force             boolean not null generated always as (restored is null and undone_by is null) stored,
  requested_by         text not null,
  requested_at         timestamptz not null,
  changes              jsonb not null,            -- counts by kind of change, those that are not zero
  first_list           integer not null,          -- pin of the category of all that was there from the start
  first_revision       integer not null,
  structure_number     integer not null,          -- the last full update
  structure_list       integer not null,
  structure_revision   integer not null,
  sell_list            integer not null,          -- the last update with sell prices
  sell_revision        integer not null,
  sell_known_list      integer not null,          -- the structure then: what is in it had arrived by then
  sell_known_revision  integer not null,
  sell_watermark       integer not null,          -- override versions up to it count no more
  names_list           integer not null,
  names_revision       integer not null,
  names_known_list     integer not null,
  names_known_revision integer not null,
  names_watermark      integer not null,
  primary key (organization_id, number),
  foreign key (price_list_id, revision) references price_list_revision
);
call isolate('catalogue_update');

-- What the reseller set itself, append-only; a version without a value takes its own value away.
create table product_override (
  organization_id uuid not null references catalogue_assignment on delete cascade,
  sku             text collate "C" not null,
  field           text collate "C" not null check (field in ('name', 'description', 'image', 'category', 'publication')),
  version         integer not null,
  value           text collate "C",
  recorded_at     timestamptz not null,
  check (field <> 'publication' or value in ('published', 'hidden')),
  primary key (organization_id, sku, field, version)
);
call isolate('product_override');

create table offer_override (
  organization_id uuid not null references catalogue_assignment on delete cascade,
  sku             text collate "C" not null,
  unit            text collate "C" not null,
  version         integer not null,
  sell_price      numeric check (sell_price >= 0),
  margin_percent  numeric check (margin_percent < 100),      -- of the sell price, over the cost of the day
  recorded_at     timestamptz not null,
  check (sell_price is null or margin_percent is null),
  primary key (organization_id, sku, unit, version)
);
call isolate('offer_override');

grant select, insert, update, delete on catalogue_assignment, catalogue_update to twotier_operator;
grant select, insert, delete on product_override, offer_override to twotier_operator;
grant select on catalogue_assignment, catalogue_update, product_override, offer_override
  to twotier_api, twotier_reader, twotier_worker;
grant insert on product_override, offer_override to twotier_api;
grant update (last_override) on catalogue_assignment to twotier_api;
grant select on offer, product, product_relation to twotier_reader, twotier_operator;
