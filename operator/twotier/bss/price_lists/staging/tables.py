"""The temporary tables that an import works in; they are the connection's own and go with the transaction."""

from typing import Final

from sqlalchemy import Connection, text

# As they stand in the files.
STAGED_ROW: Final = """
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
) on commit drop"""

# Normalised, and converted where nothing is wrong with them. The same row given again has a higher occurrence and
# counts once; a row that is only a tier of the one with the lowest range has the occurrence 0. Faults are
# property:fault, with commas between them.
READ_ROW: Final = """
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
) on commit drop"""

READ_PRODUCT: Final = """
create temporary table read_product (
  sku          text collate "C" not null,
  name         text collate "C" not null,
  description  text collate "C",
  category     text collate "C",
  product_type text collate "C",
  charge_type  text collate "C" not null,
  kind         text collate "C" not null,
  active       boolean not null
) on commit drop"""

READ_RELATION: Final = """
create temporary table read_relation (
  part        smallint not null,
  line        integer not null,
  kind        text collate "C" not null,
  sku         text collate "C" not null,
  related_sku text collate "C" not null,
  quantity    numeric,
  given       text not null
) on commit drop"""

# What must be read at all.
AFFECTED_SKU: Final = 'create temporary table affected_sku (sku text collate "C" primary key) on commit drop'

# What differs between the head and what was read: added, removed, price (of an offer), or other.
CHANGED_OFFER: Final = """
create temporary table changed_offer (
  sku text collate "C" not null, unit text collate "C" not null, change text not null
) on commit drop"""
CHANGED_PRODUCT: Final = """
create temporary table changed_product (sku text collate "C" not null, change text not null) on commit drop"""
CHANGED_RELATION: Final = """
create temporary table changed_relation (
  kind text collate "C" not null, sku text collate "C" not null, related_sku text collate "C" not null,
  change text not null
) on commit drop"""

_TABLES: Final = (
    STAGED_ROW,
    AFFECTED_SKU,
    READ_ROW,
    READ_PRODUCT,
    READ_RELATION,
    CHANGED_OFFER,
    CHANGED_PRODUCT,
    CHANGED_RELATION,
)
_NAMES: Final = (
    "staged_row, affected_sku, read_row, read_product, read_relation, changed_offer, changed_product, changed_relation"
)


def make_staging(connection: Connection) -> None:
    """Make the tables, empty, whatever an import earlier in this transaction left."""
    connection.execute(text(f"drop table if exists {', '.join('pg_temp.' + name for name in _NAMES.split(', '))}"))
    for table in _TABLES:
        connection.execute(text(table))
