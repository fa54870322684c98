"""A process that dies in the middle of a tenant's life: the next one ends where an undisturbed one does."""

import os
import signal
import subprocess
import sys

import pytest
from tests.postgres.tenants.world import World

from twotier.fault_points import ENVIRONMENT_VARIABLE

POINTS = (
    "tenant.provision.organization",
    "tenant.provision.groups",
    "tenant.provision.administrator",
    "tenant.provision.taxes",
    "tenant.provision.payment_methods",
    "tenant.provision.automatic_invoicing",
    "tenant.provision.platforms",
    "tenant.credentials.before_commit",
    "tenant.activate",
)


ROWS = """
select to_jsonb(t) - '{{id,organization_id,staff_id,responsible_staff_id}}'::text[]
from {} t
where t::text like '%' || (select id from organization where account_number = :number) || '%'
"""


def run(url: str, number: str, *how: str, fault: str | None = None) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tests.postgres.tenants.life", url, number, *how],
        env=os.environ | ({ENVIRONMENT_VARIABLE: fault} if fault else {}),
        check=False,
    ).returncode


def rows_of(world: World, number: str) -> dict[str, list[str]]:
    """Every row of a tenant in every table, without what is made by chance, and without its number."""
    tables = world.rows(
        "select relname from pg_class where relkind = 'r' and relrowsecurity and relnamespace = 'twotier'::regnamespace"
    )
    return {
        str(table): sorted(
            str(row).replace(number, "NUMBER").replace(number.lower(), "NUMBER")
            for (row,) in world.rows(ROWS.format(table), number=number)
        )
        for (table,) in tables
    }


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(point: str, world: World, database_url: str) -> None:
    assert run(database_url, "R-100", fault=point) == -signal.SIGKILL
    assert run(database_url, "R-100") == 0
    assert run(database_url, "R-200") == 0
    assert rows_of(world, "R-100")["tenant"]
    assert rows_of(world, "R-100") == rows_of(world, "R-200")


def test_killed_while_erasing(world: World, database_url: str) -> None:
    assert run(database_url, "R-100", "erased", fault="tenant.erase") == -signal.SIGKILL
    assert rows_of(world, "R-100")["tenant"]
    assert run(database_url, "R-100", "erased") == 0
    assert not any(rows_of(world, "R-100").values())
