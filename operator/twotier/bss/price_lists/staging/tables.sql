-- name: drop_tables
-- Remove what an import earlier in this transaction left.
drop table if exists
  pg_temp.staged_row, pg_temp.affected_sku, pg_temp.read_row, pg_temp.read_product, pg_temp.read_relation,
  pg_temp.changed_offer, pg_temp.changed_product, pg_temp.changed_relation

-- name: create_staged_row
-- Create the table of the rows as they stand in the files.
create temporary table staged_row (
  part                   smallint not null,
  line                   integer not null,
  sku                    text collate "C",
  unit                   text collate "C",
  price                  text,
  recommended_sell_price text,
  currency               text,
  name                   text collate "C",
  description            text collate "C",
  category               text collate "C",
  product_type           text collate "C",
  charge_type            text,
  kind                   text,
  active                 text,
  tiers                  text,
  add_on_of              text collate "C",
  upgrade_to             text collate "C",
  components             text collate "C",
  tier_minimum           text,
  tier_maximum           text,
  change_flag            text,
  previous_values        text
) on commit drop

-- name: create_affected_sku
-- Create the table of the products that must be read at all.
create temporary table affected_sku (sku text collate "C" primary key) on commit drop

-- name: create_read_row
-- Create the table of the rows normalised, and converted where nothing is wrong with them. The same row given again has
-- a higher occurrence and counts once; a row that is only a tier of the one with the lowest range has the occurrence 0.
-- Faults are property:fault, with commas between them.
create temporary table read_row (
  part                   smallint not null,
  line                   integer not null,
  sku                    text collate "C",
  unit                   text collate "C",
  price                  numeric,
  recommended_sell_price numeric,
  tiers                  price_tier[] not null,
  active                 boolean not null,
  name                   text collate "C",
  description            text collate "C",
  category               text collate "C",
  product_type           text collate "C",
  charge_type            text collate "C",
  kind                   text collate "C",
  faults                 text not null,
  occurrence             integer not null,
  tier_minimum           bigint not null default 1,
  tier_maximum           bigint
) on commit drop

-- name: create_read_product
-- Create the table of the products of the rows.
create temporary table read_product (
  sku          text collate "C" not null,
  name         text collate "C" not null,
  description  text collate "C",
  category     text collate "C",
  product_type text collate "C",
  charge_type  text collate "C" not null,
  kind         text collate "C" not null,
  active       boolean not null
) on commit drop

-- name: create_read_relation
-- Create the table of the relations between the products, taken out of the rows.
create temporary table read_relation (
  part        smallint not null,
  line        integer not null,
  kind        text collate "C" not null,
  sku         text collate "C" not null,
  related_sku text collate "C" not null,
  quantity    numeric,
  given       text not null
) on commit drop

-- name: create_changed_offer
-- Create the table of the offers that differ from the head: added, removed, price, or other.
create temporary table changed_offer (
  sku text collate "C" not null, unit text collate "C" not null, change text not null
) on commit drop

-- name: create_changed_product
-- Create the table of the products that differ from the head: added, removed, or other.
create temporary table changed_product (sku text collate "C" not null, change text not null) on commit drop

-- name: create_changed_relation
-- Create the table of the relations that differ from the head: added, removed, or other.
create temporary table changed_relation (
  kind text collate "C" not null, sku text collate "C" not null, related_sku text collate "C" not null,
  change text not null
) on commit drop
