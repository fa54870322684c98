-- What a price list's source said last, what is held back until a person accepts it, and what is missing but still sold.

create table price_list_source (
  price_list_id  integer primary key references price_list,
  digest         text collate "C" not null,                 -- of the bytes and the format
  judged_at      timestamptz not null,
  guards         text collate "C" not null,                 -- under which it was judged
  revision       integer not null,                          -- the head once it was judged
  held_digest    text collate "C",                          -- what of it is held; null where it was let through
  next_boundary  timestamptz,                               -- when other rows of it become valid
  flags          jsonb,                                     -- how the publisher's flags fit
  good_import_at timestamptz                                -- the last time that a new file was let through
);

-- An acceptance is good while no other revision was published since it was declared, or since what it names was held.
alter table price_list
  drop column source_digest,
  add column accepted_digest text collate "C",
  add column accepted_base   integer;

-- Its rows are the differences from its base, and go when another revision is published.
create table held_revision (
  price_list_id integer not null references price_list,
  digest        text collate "C" not null,                  -- of the normalised content, as in price_list_revision
  base          integer not null,                           -- the head that it was compared with; 0 for none
  held_at       timestamptz not null,
  source        text not null,
  reasons       jsonb not null,                             -- why: {reason, message}, the gravest first
  offers        integer not null,
  products      integer not null,
  added         integer not null,
  removed       integer not null,
  price_changed integer not null,
  other_changed integer not null,
  primary key (price_list_id, digest)
);

create table held_offer (
  price_list_id          integer not null,
  digest                 text collate "C" not null,
  sku                    text collate "C" not null,
  unit                   text collate "C" not null,
  change                 text collate "C" not null,         -- added, removed, price or other; nothing more is said of a removed one
  price                  numeric,
  recommended_sell_price numeric,
  tiers                  price_tier[],
  active                 boolean,
  primary key (price_list_id, digest, sku, unit)
);

create table held_product (
  price_list_id integer not null,
  digest        text collate "C" not null,
  sku           text collate "C" not null,
  change        text collate "C" not null,
  name          text collate "C",
  description   text collate "C",
  category      text collate "C",
  product_type  text collate "C",
  charge_type   text collate "C",
  kind          text collate "C",
  active        boolean,
  primary key (price_list_id, digest, sku)
);

create table held_relation (
  price_list_id integer not null,
  digest        text collate "C" not null,
  kind          text collate "C" not null,
  sku           text collate "C" not null,
  related_sku   text collate "C" not null,
  change        text collate "C" not null,
  quantity      numeric,
  primary key (price_list_id, digest, kind, sku, related_sku)
);

-- Offers of the head that the source lacks, and that are not discontinued yet. They are no part of any revision.
create table suspect_offer (
  price_list_id   integer not null references price_list,
  sku             text collate "C" not null,
  unit            text collate "C" not null,
  missing_since   timestamptz not null,
  discontinued_at timestamptz not null,                     -- unless it comes back
  primary key (price_list_id, sku, unit)
);

-- What the digest of the head is made of, so that only groups with a row that changed are read again.
create table digested_group (
  price_list_id integer not null references price_list,
  number        smallint not null,                          -- of digest_group()
  digest        bytea not null,                             -- of its products, with their offers and relations
  offers        integer not null,
  products      integer not null,
  primary key (price_list_id, number)
);

grant select, insert, update on price_list_source, held_revision, digested_group to twotier_operator;
grant select, insert, delete on held_offer, held_product, held_relation to twotier_operator;
grant select, insert, update, delete on suspect_offer to twotier_operator;
grant select on suspect_offer to twotier_reader;
grant select on price_list_source, held_revision, held_offer, held_product, held_relation, suspect_offer to twotier_viewer;
-- An import keeps the planner's statistics true.
grant maintain on offer, product, product_relation to twotier_operator;
