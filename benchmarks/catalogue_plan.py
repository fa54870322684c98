"""Planning an update, against a full join of two materialised copies of the catalogue."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from benchmarks.catalogue_copies import join_copies, make_copies
from benchmarks.catalogue_data import (
    BEFORE,
    HEAD,
    LIST,
    NOW,
    OTHER_LIST,
    as_owner_of_all,
    catalogue_database,
    connected,
    make_tenants,
    vacuum,
)
from benchmarks.figure import Figure, alternating, ratio
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_first_update, write_update
from twotier.bss.database import Role

ROUNDS: Final = 9
COMPARISON: Final = "full join of two copies"


def measure() -> Sequence[Figure]:
    """Plan 27 % of changed offers, for a tenant on one list and for one whose pins all differ."""
    with catalogue_database("bench_catalogue_plan") as url, connected(url, Role.OPERATOR) as database:
        settled, scattered = make_tenants(url, 2)
        with database.transaction() as connection:
            write_first_update(connection, settled, LIST, BEFORE, Request("bench", NOW))
            _scatter(connection, scattered)
        with as_owner_of_all(url) as connection:
            _set_overrides(connection, scattered)
            make_copies(connection, settled)
        vacuum(url)
        with database.transaction() as connection:
            # The work is compared, not how many processes share it
            connection.execute(text("set local max_parallel_workers_per_gather = 0"))
            join = partial(join_copies, connection)
            return [
                _figure(
                    "plan, 27 % of 113,000 offers changed", connection, settled, Update(LIST, HEAD), join, budget=1
                ),
                _figure(
                    "plan for a tenant whose pins differ, with 10,000 overrides",
                    connection,
                    scattered,
                    Update(LIST, HEAD, sell_prices=True, names=True),
                    join,
                    budget=10,
                ),
            ]


def _figure(
    name: str, connection: Connection, tenant: UUID, update: Update, join: partial[object], *, budget: float
) -> Figure:
    work = partial(plan, connection, tenant, update)
    work()
    join()
    planned, joined = alternating(work, join, rounds=ROUNDS)
    return ratio(name, planned, joined, budget=budget, comparison=COMPARISON)


def _scatter(connection: Connection, tenant: UUID) -> None:
    write_first_update(connection, tenant, LIST, 1, Request("bench", NOW))
    updates = (
        Update(OTHER_LIST, 1, sell_prices=True),
        Update(LIST, 20),
        Update(LIST, 30, Mode.PARTIAL, names=True),
        Update(LIST, BEFORE, Mode.PARTIAL),
    )
    for number, update in enumerate(updates, start=1):
        write_update(connection, tenant, update, Request("bench", NOW), expected_newest=number)


def _set_overrides(connection: Connection, tenant: UUID) -> None:
    connection.execute(_OWN_PRICES, {"tenant": tenant, "now": NOW})
    connection.execute(
        text("update catalogue_assignment set last_override = 10000 where organization_id = :id"), {"id": tenant}
    )


_OWN_PRICES: Final = text(
    "insert into offer_override (organization_id, sku, unit, version, sell_price, recorded_at) "
    "select :tenant, sku, unit, row_number() over (), price * 2, :now from open_offer "
    "where price_list_id = 1 order by hashtext(sku || unit) limit 10000"
)
