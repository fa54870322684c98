"""What a login may do to keep others from their work: sessions of every role try, and the others go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import make_url, text
from tests.postgres.made_up import with_another_routine
from tests.postgres.older import run

import twotier
from twotier.bss import administration
from twotier.bss.database import Database, LeadershipLostError, Role, take_over
from twotier.bss.unfit import DatabaseUnfitError

PACKAGE: Final = Path(twotier.__file__).parent
RELATIONS: Final = """
select format('twotier.%I', relname) from pg_class
where relnamespace = 'twotier'::regnamespace and relkind in ('r', 'p', 'v')
"""
MODES: Final = (
    *("access exclusive", "exclusive", "share row exclusive", "share"),
    *("share update exclusive", "row exclusive", "row share", "access share"),
)
"""The modes of locks, the strongest first."""

Login = Callable[[Role | None], str]


@pytest.fixture
def login(database_url: str) -> Iterator[Login]:
    """Make logins that are members of a role, or of none, and give their URLs; nobody waits for ever."""
    made: list[str] = []

    def make(role: Role | None) -> str:
        made.append(f"twotier_test_{uuid4().hex}")
        run(database_url, f"create role {made[-1]} login" + (f" in role {role}" if role else ""))
        url = make_url(database_url).set(username=made[-1]).update_query_dict({"options": "-clock_timeout=20s"})
        return url.render_as_string(hide_password=False)

    yield make
    for name in made:
        run(database_url, f"drop role {name}")


@pytest.fixture(
    params=[None, *(role for role in Role if role not in {Role.OWNER, Role.OPERATOR})],
    ids=lambda role: role or "no role at all",
)
def intruder(request: pytest.FixtureRequest, login: Login) -> Iterator[psycopg.Connection]:
    """A session of a login that is a member of one role that does not lead, or of none."""
    with psycopg.connect(login(request.param), autocommit=True) as connection:
        yield connection


@pytest.fixture
def operator_url(login: Login) -> str:
    return login(Role.OPERATOR)


@contextmanager
def operator(url: str, epoch: int | None = None) -> Iterator[Database]:
    """The database as an operator has it."""
    database = Database(url, Role.OPERATOR, epoch=None if epoch is None else lambda: epoch, pool_size=2)
    try:
        yield database
    finally:
        database.dispose()


def gets(connection: psycopg.Connection, statement: str) -> bool:
    """Whether a session in a transaction may do something, and does."""
    try:
        with connection.transaction():
            connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def take_every_lock(connection: psycopg.Connection, relations: list[str]) -> None:
    """Take the strongest lock that there is on everything, and every lock that leads had or migrations had."""
    for name in relations:
        next((mode for mode in MODES if gets(connection, f"lock table {name} in {mode} mode")), None)
    gets(connection, "comment on schema twotier is 'mine'")
    for key in ("hashtext('twotier database migrate')", "'twotier.leadership'::regclass::oid::integer"):
        gets(connection, f"select pg_advisory_xact_lock({key}, 0)")


def test_the_operator_works_and_another_takes_over(
    intruder: psycopg.Connection, operator_url: str, database_url: str
) -> None:
    relations = [name for (name,) in run(database_url, RELATIONS)]
    assert len(relations) > 40
    with intruder.transaction(), operator(operator_url) as successor, operator(operator_url, epoch=0) as leader:
        take_every_lock(intruder, relations)
        with leader.transaction() as connection:
            connection.execute(text("update price_list set active = active"))
        with successor.transaction() as connection:
            assert take_over(connection) == 1
        with pytest.raises(LeadershipLostError), leader.transaction():
            pass


def test_a_migration_waits_for_nobody_who_reads_nothing(login: Login, database_url: str, tmp_path: Path) -> None:
    relations = [name for (name,) in run(database_url, RELATIONS)]
    with psycopg.connect(login(None), autocommit=True) as intruder, intruder.transaction():
        take_every_lock(intruder, relations)
        url = make_url(database_url).update_query_dict({"options": "-clock_timeout=20s"})
        administration.migrate(url.render_as_string(hide_password=False), with_another_routine(tmp_path))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.API])
def test_a_migration_tells_of_who_reads_for_long(
    role: Role, login: Login, operator_url: str, database_url: str, tmp_path: Path
) -> None:
    url = make_url(database_url).update_query_dict({"options": "-clock_timeout=100ms"})
    with psycopg.connect(login(role), autocommit=True) as intruder:
        with intruder.transaction():
            take_every_lock(intruder, [name for (name,) in run(database_url, RELATIONS)])
            with pytest.raises(DatabaseUnfitError, match=r"end that session with pg_terminate_backend\(pid\)"):
                administration.migrate(url.render_as_string(hide_password=False), with_another_routine(tmp_path))
        with operator(operator_url, epoch=0) as leader, leader.transaction():
            pass


def test_who_waits_for_a_lock_it_may_not_have_holds_no_transaction_up(
    intruder: psycopg.Connection, operator_url: str
) -> None:
    # PostgreSQL takes the locks that these need before it looks at privileges
    before_privileges = (
        "create trigger mine before insert on twotier.leadership_of_twotier_operator execute function now()",
        "comment on table twotier.leadership_of_twotier_operator is 'mine'",
        "create statistics mine on process, epoch from twotier.leadership_of_twotier_operator",
    )
    with operator(operator_url, epoch=0) as leader, leader.transaction():
        for statement in before_privileges:
            with pytest.raises(InsufficientPrivilege):
                intruder.execute(statement.encode())


@pytest.mark.parametrize("signal", ["pg_cancel_backend", "pg_terminate_backend"])
def test_no_session_of_another_login_is_ended(signal: str, intruder: psycopg.Connection, operator_url: str) -> None:
    with operator(operator_url, epoch=0) as leader, leader.transaction() as connection:
        process = connection.execute(text("select pg_backend_pid()")).scalar_one()
        with pytest.raises(InsufficientPrivilege):
            intruder.execute(f"select {signal}({process})".encode())
        assert connection.execute(text("select true")).scalar_one()


@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table mine (content text)",
        "create table mine (content text)",
        "create table public.mine (content text)",
        "create schema mine",
        "create function public.mine() returns int language sql return 1",
    ],
)
def test_nothing_is_made(statement: str, intruder: psycopg.Connection, database_url: str) -> None:
    administration.initialise(database_url)
    with pytest.raises((InsufficientPrivilege, psycopg.errors.InvalidSchemaName)):
        intruder.execute(statement.encode())


def test_the_operator_makes_temporary_tables(operator_url: str, database_url: str) -> None:
    administration.initialise(database_url)
    with operator(operator_url, epoch=0) as leader, leader.transaction() as connection:
        connection.execute(text("create temporary table mine (content text) on commit drop"))


def test_no_advisory_lock_is_taken_because_any_login_may_take_it() -> None:
    files = [*PACKAGE.rglob("*.sql"), *PACKAGE.rglob("*.py")]
    first = PACKAGE / "bss" / "migrations" / "versions" / "0001"
    assert [file for file in files if "pg_advisory" in file.read_text() and first not in file.parents] == []


class TestAFenceForEachKindOfProcess:
    """A worker to come has a fence of its own, and a migration holds all of them off."""

    @pytest.fixture
    def worker(self, login: Login, database_url: str) -> Iterator[Database]:
        """A worker that leads under its first epoch, as a migration would provide for it."""
        for statement in (
            "create table leadership_of_twotier_worker partition of leadership for values in ('twotier_worker')",
            "insert into leadership values ('twotier_worker', 0)",
            "grant usage on schema twotier to twotier_worker",
            "grant select on leadership to twotier_worker",
            "grant select, update on leadership_of_twotier_worker to twotier_worker",
            "grant execute on function hold_epoch, raise_epoch to twotier_worker",
        ):
            run(database_url, statement)
        database = Database(login(Role.WORKER), Role.WORKER, epoch=lambda: 0)
        yield database
        database.dispose()

    def test_one_kind_neither_waits_for_the_other_nor_fences_it_off(self, worker: Database, operator_url: str) -> None:
        with operator(operator_url) as successor, worker.transaction(), successor.transaction() as connection:
            assert take_over(connection) == 1
        with worker.transaction():
            pass

    def test_one_kind_is_fenced_off_from_its_own(self, worker: Database, operator_url: str) -> None:
        with worker.transaction() as connection:
            assert take_over(connection) == 1
        with pytest.raises(LeadershipLostError), worker.transaction():
            pass
        with operator(operator_url, epoch=0) as leader, leader.transaction():
            pass

    def test_none_raises_the_epoch_of_another(self, worker: Database, operator_url: str) -> None:
        with operator(operator_url) as successor, successor.transaction() as connection:
            for fence in ("leadership", "leadership_of_twotier_worker"):
                with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
                    connection.execute(text(f"lock table {fence} in exclusive mode"))
        with worker.transaction():
            pass

    def test_a_migration_fences_all_of_them_off(
        self, worker: Database, operator_url: str, database_url: str, tmp_path: Path
    ) -> None:
        administration.migrate(database_url, with_another_routine(tmp_path))
        with pytest.raises(LeadershipLostError), worker.transaction():
            pass
        with operator(operator_url, epoch=0) as leader, pytest.raises(LeadershipLostError), leader.transaction():
            pass
