"""Planning and applying an update of which 27 % of the offers change, against a full join of two copies."""

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
    OFFERS,
    as_owner_of_all,
    catalogue_database,
    connected,
    make_tenants,
    vacuum,
)
from benchmarks.figure import Figure, alternating, ratio
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import Request, Update, write_first_update, write_update
from twotier.bss.database import Role

ROUNDS: Final = 5
ALL_MARKETS: Final = 600_000


def measure() -> Sequence[Figure]:
    """Measure the largest real list, and one as large as a vendor's sheet of all markets."""
    return [_measured(offers) for offers in (OFFERS, ALL_MARKETS)]


def _measured(offers: int) -> Figure:
    with (
        catalogue_database(f"bench_catalogue_apply_{offers}", products=offers // 3) as url,
        connected(url, Role.OPERATOR) as database,
    ):
        (tenant,) = make_tenants(url, 1)
        with database.transaction() as connection:
            write_first_update(connection, tenant, LIST, BEFORE, Request("bench", NOW))
        with as_owner_of_all(url) as connection:
            make_copies(connection, tenant)
        vacuum(url)
        with database.transaction() as connection:
            # The work is compared, not how many processes share it
            connection.execute(text("set local max_parallel_workers_per_gather = 0"))
            updated, joined = alternating(
                partial(_plan_and_apply, connection, tenant), partial(join_copies, connection), rounds=ROUNDS
            )
    name = f"plan and apply, 27 % of {offers:,} offers changed"
    return ratio(name, updated, joined, budget=1, comparison="full join of two copies")


def _plan_and_apply(connection: Connection, tenant: UUID) -> None:
    with connection.begin_nested() as attempt:
        planned = plan(connection, tenant, Update(LIST, HEAD))
        write_update(
            connection,
            tenant,
            planned.update,
            Request("bench", NOW),
            expected_newest=planned.newest,
            watermark=planned.watermark,
            changes=planned.changes,
        )
        attempt.rollback()
