"""What goes wrong around the operator, and how it is put right again.

Each fault strikes, lasts for a while, and is mended. At most one of each place is under way at a time: what strikes the
database, and what strikes the cluster or the operators.
"""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from tests.chaos.world import World

Place = Literal["database", "cluster"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    Attributes:
        lasts: at least so many seconds from its strike to its mending.
    """

    name: str
    place: Place
    strike: Callable[[World], None]
    mend: Callable[[World], None]
    lasts: float = 1.0
    can_be_had: Callable[[World], bool] = lambda _: True


def _nothing(_: World) -> None:
    pass


def _run(sql: str) -> Callable[[World], None]:
    return lambda world: world.administer(sql)


def _new_sessions_after(sql: str) -> Callable[[World], None]:
    """What is set for a login counts for its next sessions."""

    def strike(world: World) -> None:
        world.administer(sql)
        world.administer(END_SESSIONS)

    return strike


END_SESSIONS: Final = "select pg_terminate_backend(pid) from pg_stat_activity where usename = '{login}'"
READ_ONLY: Final = "alter role {login} set default_transaction_read_only = on"
WRITABLE: Final = "alter role {login} reset default_transaction_read_only"

FAULTS: Final[Sequence[Fault]] = (
    Fault("leader killed", "cluster", lambda world: world.leader().kill(), _nothing),
    Fault("standby killed", "cluster", lambda world: world.standby().kill(), _nothing),
    Fault(
        "leader paused until another leads",
        "cluster",
        lambda world: world.pause_leader(),
        lambda world: world.resume_all(),
        lasts=8.0,
    ),
    Fault(
        "leader paused for a moment", "cluster", lambda world: world.pause_leader(), lambda world: world.resume_all()
    ),
    Fault(
        "API server killed", "cluster", lambda world: world.end(world.apiserver), lambda world: world.revive_cluster()
    ),
    Fault("etcd killed", "cluster", lambda world: world.end(world.etcd), lambda world: world.revive_cluster()),
    Fault(
        "network to the API server cut",
        "cluster",
        lambda world: world.to_cluster.cut(),
        lambda world: world.to_cluster.mend(),
        lasts=2.0,
    ),
    Fault(
        "PostgreSQL stopped at once",
        "database",
        lambda world: world.stop_database(signal.SIGQUIT),
        lambda world: world.revive_database(),
    ),
    Fault(
        "PostgreSQL killed",
        "database",
        lambda world: world.stop_database(signal.SIGKILL),
        lambda world: world.revive_database(),
    ),
    Fault("sessions ended", "database", _run(END_SESSIONS), _run(END_SESSIONS), lasts=0.3),
    Fault(
        "password changed",
        "database",
        _new_sessions_after("alter role {login} password 'another'"),
        _run("alter role {login} password '{password}'"),
        lasts=2.0,
    ),
    Fault("database read-only", "database", _new_sessions_after(READ_ONLY), _run(WRITABLE), lasts=2.0),
    Fault(
        "network to the database cut",
        "database",
        lambda world: world.to_database.cut(),
        lambda world: world.to_database.mend(),
        lasts=2.0,
    ),
    Fault(
        "disk full",
        "database",
        lambda world: world.fill_disk(),
        lambda world: world.free_disk(),
        lasts=2.0,
        can_be_had=lambda world: world.disk is not None,
    ),
)


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault at a place in the order of edits.

    Attributes:
        at: the number of the edit that it strikes before.
        until: the number of the edit that it is mended before, at the earliest.
    """

    fault: Fault
    at: int
    until: int


def strikes(random: Random, edits: int, count: int, faults: Sequence[Fault] = FAULTS) -> Sequence[Strike]:
    """Return faults for so many edits, in order: each kind once before one comes again."""
    chosen: list[Fault] = []
    while len(chosen) < count:
        chosen += random.sample(list(faults), min(len(faults), count - len(chosen)))
    found: list[Strike] = []
    for place in ("database", "cluster"):
        here = [each for each in chosen if each.place == place]
        width = max(1, edits // max(1, len(here)))
        for number, fault in enumerate(here):
            at = number * width + random.randrange(max(1, width // 3))
            found.append(Strike(fault, at, min(at + random.randint(1, max(1, width // 2)), (number + 1) * width)))
    return sorted(found, key=lambda each: (each.at, each.fault.name))
