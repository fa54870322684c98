"""An operator and a database of another version: it waits for what a migration brings, and stops for the rest."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog

from twotier.bss.database import DatabaseOutageError
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError
from twotier.kinds.operator import LOOK_AGAIN_SECONDS, wait_until_migrated
from twotier.runtime.operator import UnpreparedError

NO_TABLES, OLDER = DatabaseBehindError("it has no tables"), DatabaseBehindError("it has the tables of before")


class Passing:
    """A clock that only this test moves on."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def looks(*found: Exception | None) -> Callable[[], Awaitable[None]]:
    """Look at a database that is like this, one time after the other."""
    coming = iter(found)

    async def check() -> None:
        fault = next(coming)
        if fault is not None:
            raise fault

    return check


def test_a_database_of_this_version_is_not_waited_for() -> None:
    clock = Passing()
    asyncio.run(wait_until_migrated(looks(None), clock.sleep))
    assert clock.slept == []


def test_one_that_is_behind_is_waited_for_and_each_reason_told_once() -> None:
    clock = Passing()
    with structlog.testing.capture_logs() as logged:
        asyncio.run(wait_until_migrated(looks(NO_TABLES, NO_TABLES, OLDER, OLDER, None), clock.sleep))
    assert clock.slept == [LOOK_AGAIN_SECONDS] * 4
    assert [(each["event"], each["reason"]) for each in logged] == [
        ("waiting for the database", "it has no tables"),
        ("waiting for the database", "it has the tables of before"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(DatabaseUnfitError("a newer TwoTier has migrated it"), id="migrated by a newer program"),
        pytest.param(DatabaseOutageError("nobody answers"), id="away"),
    ],
)
def test_one_that_waiting_does_not_change_ends_it_with_the_message(fault: Exception) -> None:
    clock = Passing()
    with pytest.raises(UnpreparedError, match=str(fault)):
        asyncio.run(wait_until_migrated(looks(OLDER, fault), clock.sleep))
    assert clock.slept == [LOOK_AGAIN_SECONDS]
