"""Connections, fencing, and what is told when the database cannot be used."""

import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import sleep

import psycopg
import psycopg.sql
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from twotier.bss import administration
from twotier.bss.database import (
    Database,
    DatabaseContentionError,
    DatabaseOutageError,
    LeadershipLostError,
    Role,
    take_over,
    telling_outages,
)
from twotier.bss.unfit import DatabaseUnfitError
from twotier.dev.postgres import running_postgres, running_standby


@pytest.fixture
def leader(database_url: str) -> Iterator[Database]:
    """An operator that leads under the first epoch."""
    database = Database(database_url, Role.OPERATOR, epoch=lambda: 0)
    yield database
    database.dispose()


def backend(connection: Connection) -> int:
    return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def terminate(database: Database, process: int) -> None:
    with database.transaction() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text("select pg_terminate_backend(:process, 5000)"), {"process": process})


def wait_for_a_blocked_transaction(database: Database) -> None:
    sql = text("select from pg_locks where not granted")
    with database.transaction() as connection:
        while connection.execute(sql).first() is None:
            sleep(0.01)


def test_a_connection_acts_as_its_role_in_our_schema_and_in_utc(operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        assert connection.execute(
            text("select current_user, current_setting('search_path'), current_setting('timezone')")
        ).one() == ("twotier_operator", "twotier, pg_temp", "UTC")


class TestFencing:
    """Two operators, of which one believes too long that it leads."""

    def test_a_new_leader_waits_for_the_transaction_under_way(
        self, leader: Database, operator_database: Database
    ) -> None:
        with ThreadPoolExecutor(1) as thread:
            with leader.transaction() as connection:
                successor = thread.submit(take_over_of, operator_database)
                wait_for_a_blocked_transaction(operator_database)
                assert connection.execute(text("select epoch from leadership")).scalar_one() == 0
            assert successor.result() == 1

    def test_the_next_transaction_of_the_old_leader_is_refused(
        self, leader: Database, operator_database: Database
    ) -> None:
        take_over_of(operator_database)
        with pytest.raises(LeadershipLostError, match="leads under epoch 0, but the current one is 1"):
            use(leader)

    def test_a_transaction_that_begins_while_a_new_leader_waits_is_refused_after_it(
        self, leader: Database, operator_database: Database
    ) -> None:
        with ThreadPoolExecutor(2) as threads:
            with leader.transaction():
                successor = threads.submit(take_over_of, operator_database)
                wait_for_a_blocked_transaction(operator_database)
                late = threads.submit(use, leader)
            assert successor.result() == 1
            with pytest.raises(LeadershipLostError):
                late.result()

    def test_transactions_of_one_leader_do_not_wait_for_each_other(self, leader: Database) -> None:
        with leader.transaction(), leader.transaction():
            pass

    def test_two_successors_lead_under_different_epochs(self, operator_database: Database) -> None:
        with ThreadPoolExecutor(2) as threads:
            epochs = threads.map(take_over_of, (operator_database, operator_database))
        assert sorted(epochs) == [1, 2]

    def test_a_take_over_that_fails_raises_nothing(self, leader: Database, operator_database: Database) -> None:
        def fail() -> None:
            with operator_database.transaction() as connection:
                take_over(connection)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with leader.transaction():
            pass


def take_over_of(database: Database) -> int:
    with database.transaction() as connection:
        return take_over(connection)


class TestOutages:
    """The server is not there, or goes away."""

    SECRET_URL = "postgresql://ada:s3cret@127.0.0.1:1/bss"  # noqa: S105 -- of nobody

    def test_an_unreachable_server_is_told_with_its_place_and_without_the_password(self) -> None:
        database = Database(self.SECRET_URL, Role.OPERATOR)
        with pytest.raises(DatabaseOutageError) as outage:
            use(database)
        database.dispose()
        assert str(outage.value).startswith("PostgreSQL at 127.0.0.1:1, database bss cannot be used (connection failed")
        assert str(outage.value).endswith("can be reached from here and accepts ada")
        assert "s3cret" not in "".join(traceback.format_exception(outage.value))

    @pytest.mark.parametrize("administer", [administration.initialise, administration.migrate])
    def test_so_it_is_to_an_administrator(self, administer: Callable[[str], None]) -> None:
        with pytest.raises(DatabaseOutageError) as outage:
            administer(self.SECRET_URL)
        assert "s3cret" not in "".join(traceback.format_exception(outage.value))

    def test_a_connection_lost_on_the_way_is_an_outage_and_the_next_transaction_has_another(
        self, operator_database: Database
    ) -> None:
        with pytest.raises(DatabaseOutageError):
            lose(operator_database, lambda connection: connection.execute(text("select 1")))
        use(operator_database)

    def test_so_is_one_lost_before_the_commit(self, operator_database: Database) -> None:
        with pytest.raises(DatabaseOutageError):
            lose(operator_database, lambda _: None)

    def test_so_is_one_lost_below_sqlalchemy(self, operator_database: Database) -> None:
        with pytest.raises(DatabaseOutageError):
            lose(operator_database, lambda connection: connection.connection.cursor().execute("select 1"))

    def test_an_idle_connection_that_was_lost_is_replaced_unnoticed(self, operator_database: Database) -> None:
        with operator_database.transaction() as first, operator_database.transaction() as second:
            assert backend(first) != backend(second)
            lost = backend(first)
        terminate(operator_database, lost)
        with operator_database.transaction() as first, operator_database.transaction() as second:
            assert lost not in {backend(first), backend(second)}

    def test_a_server_that_crashed_and_came_back_is_used_again(self) -> None:
        with running_postgres() as url:
            administration.initialise(url)
            administration.migrate(url)
            database = Database(url, Role.OPERATOR)
            with pytest.raises(DatabaseOutageError):
                crash(database)
            while not answers(database):
                sleep(0.05)
            database.dispose()


PASSES = {
    "08006": "a connection that broke",
    "08P01": "a proxy that does not speak the protocol",
    "25006": "a server that only reads, as after a failover",
    "25P03": "a session that was paused in a transaction",
    "25P04": "a transaction that was ended for its age",
    "28000": "a login that may not sign in",
    "28P01": "a password that was rotated",
    "3D000": "a database that is gone",
    "53100": "a full disk",
    "53200": "no memory left",
    "53300": "no connection left",
    "57P01": "a server that is shut down",
    "57P02": "a server that crashed",
    "57P03": "a server that is starting",
    "57P04": "a database that is dropped",
    "57P05": "a session that was idle for too long",
    "58000": "an error of the system",
    "58030": "a disk that cannot be read or written",
}
STAYS = {
    "0A000": "what PostgreSQL does not have",
    "22003": "a number that is too large",
    "23505": "a row that is there",
    "25P02": "a transaction that failed before",
    "42501": "a missing right",
    "42P01": "a missing table",
    "53400": "more temporary files than somebody allowed",
    "54000": "a statement that is too complex",
    "55P03": "a lock that was not waited for",
    "57014": "a statement that took too long",
    "XX000": "a fault of PostgreSQL",
    "XX001": "damaged data",
}


class TestWhatPasses:
    """Which errors are an outage, after which the same again may succeed, and which are not."""

    @pytest.mark.parametrize("state", PASSES, ids=PASSES.values())
    def test_an_outage_is(self, state: str) -> None:
        with pytest.raises(DatabaseOutageError), telling_outages(NOWHERE):
            raise psycopg.errors.lookup(state)

    @pytest.mark.parametrize("state", STAYS, ids=STAYS.values())
    def test_no_outage_is(self, state: str) -> None:
        error = psycopg.errors.lookup(state)
        with pytest.raises(error), telling_outages(NOWHERE):
            raise error


NOWHERE = make_url("postgresql://ada@127.0.0.1/bss")


class TestADatabaseThatOnlyReads:
    """A failover: sessions that began meanwhile never write, whatever becomes of the database."""

    @pytest.fixture
    def reading(self, database_url: str) -> Callable[[str], None]:
        """Say whether new sessions of the database only read."""

        def set_to(value: str) -> None:
            with psycopg.connect(
                database_url, autocommit=True, options="-cdefault_transaction_read_only=off"
            ) as session:
                name = psycopg.sql.Identifier(session.info.dbname)
                session.execute(
                    psycopg.sql.SQL("alter database {} set default_transaction_read_only = {}").format(name, value)
                )

        return set_to

    def test_is_an_outage_even_to_a_leader_who_would_only_read_and_passes_with_it(
        self, leader: Database, reading: Callable[[str], None]
    ) -> None:
        reading("on")
        for _ in range(3):
            with pytest.raises(DatabaseOutageError, match="the server or the session only reads"):
                use(leader)
        reading("off")
        use(leader)

    def test_is_an_outage_to_whoever_writes_and_passes_with_it(
        self, operator_database: Database, reading: Callable[[str], None]
    ) -> None:
        reading("on")
        use(operator_database)
        reading("off")
        with pytest.raises(DatabaseOutageError, match="cannot execute UPDATE in a read-only transaction"):
            execute(operator_database, WRITE)
        execute(operator_database, WRITE)

    def test_so_it_is_below_sqlalchemy(self, operator_database: Database, reading: Callable[[str], None]) -> None:
        reading("on")
        use(operator_database)
        reading("off")
        with pytest.raises(DatabaseOutageError, match="read-only"), operator_database.transaction() as connection:
            connection.connection.cursor().execute(WRITE)
        execute(operator_database, WRITE)

    def test_whoever_reads_goes_on_reading(self, database_url: str, reading: Callable[[str], None]) -> None:
        reading("on")
        viewer = Database(database_url, Role.VIEWER)
        use(viewer)
        viewer.dispose()


WRITE = "update price_list set active = active"


@pytest.mark.parametrize("limit", ["nologin", "connection limit 0"])
def test_a_login_that_may_not_sign_in_for_a_while_is_an_outage(limit: str, database_url: str, stranger: str) -> None:
    execute_as_administrator(database_url, f"grant twotier_operator to {stranger}")
    execute_as_administrator(database_url, f"alter role {stranger} {limit}")
    database = Database(as_login(database_url, stranger), Role.OPERATOR)
    with pytest.raises(DatabaseOutageError, match=f"accepts {stranger}"):
        use(database)
    execute_as_administrator(database_url, f"alter role {stranger} login connection limit -1")
    use(database)
    database.dispose()


def execute_as_administrator(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(sql.encode())


class TestFailover:
    """A standby takes the place of its primary, and a URL names both."""

    def test_a_leader_goes_on_at_the_server_that_writes(self) -> None:
        with ExitStack() as ends_first, ExitStack() as stack:
            primary = ends_first.enter_context(running_postgres())
            administration.initialise(primary)
            administration.migrate(primary)
            standby = stack.enter_context(running_standby(primary))
            hosts = [str(make_url(url).query["host"]) for url in (standby, primary)]
            both = make_url(primary).set(query={"host": hosts, "target_session_attrs": "read-write"})
            leader = Database(both.render_as_string(hide_password=False), Role.OPERATOR, epoch=lambda: 0, pool_size=2)
            stack.callback(leader.dispose)
            execute(leader, WRITE)
            ends_first.close()
            with pytest.raises(DatabaseOutageError) as outage:
                use(leader)
            assert ", ".join(hosts) in str(outage.value)
            execute_as_administrator(standby, "select pg_promote()")
            execute(leader, WRITE)


def use(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("select 1"))


def lose(database: Database, then: Callable[[Connection], object]) -> None:
    """Lose the connection in the middle of a transaction, and do something with it."""
    with database.transaction() as connection:
        terminate(database, backend(connection))
        then(connection)


def crash(database: Database) -> None:
    """Kill one of the server's processes: it ends all connections, and recovers."""
    with database.transaction() as connection:
        os.kill(backend(connection), signal.SIGKILL)
        connection.execute(text("select pg_sleep(60)"))


def answers(database: Database) -> bool:
    try:
        with database.transaction() as connection:
            return connection.execute(text("select true")).scalar_one() is True
    except DatabaseOutageError:
        return False


def execute(database: Database, *statements: str, **parameters: object) -> None:
    with database.transaction() as connection:
        for sql in statements:
            connection.execute(text(sql), parameters)


class TestErrorsThatAreNone:
    """What is wrong with a statement is no outage, and what is secret in it is not told."""

    def test_a_broken_rule_of_the_schema_is_told_as_such(self, database_url: str) -> None:
        database = Database(database_url, Role.OWNER)
        with pytest.raises(IntegrityError):
            execute(database, "insert into country (code, name) values ('GR', 'Greece')")
        database.dispose()

    def test_a_statement_that_takes_too_long_is_told_as_such(self, operator_database: Database) -> None:
        with pytest.raises(OperationalError, match="statement timeout"):
            execute(operator_database, "set local statement_timeout = '1ms'", "select pg_sleep(60)")

    def test_an_error_does_not_repeat_the_parameters(self, operator_database: Database) -> None:
        secret = os.urandom(8).hex()
        with pytest.raises(DBAPIError) as error:
            execute(operator_database, "select 1 from nowhere where password = :password", password=secret)
        assert secret not in "".join(traceback.format_exception(error.value))

    def test_an_error_does_not_repeat_the_row(self, database_url: str) -> None:
        secret = os.urandom(8).hex()
        database = Database(database_url, Role.OWNER)
        with pytest.raises(IntegrityError, match="violates not-null constraint") as error:
            execute(database, "insert into country (name) values (:name)", name=secret)
        database.dispose()
        assert secret not in "".join(traceback.format_exception(error.value))

    def test_nor_does_one_below_sqlalchemy_that_another_came_from(self, database_url: str) -> None:
        secret = os.urandom(8).hex()
        database = Database(database_url, Role.OWNER)
        with pytest.raises(ZeroDivisionError) as error:
            insert_and_misinterpret(database, secret)
        database.dispose()
        told = "".join(traceback.format_exception(error.value))
        assert "violates not-null constraint" in told
        assert secret not in told


def insert_and_misinterpret(database: Database, name: str) -> None:
    with database.transaction() as connection:
        try:
            connection.connection.cursor().execute("insert into country (name) values (%s)", (name,))
        except psycopg.Error as error:
            raise ZeroDivisionError from error


class TestContention:
    """Two transactions that stand in each other's way: one wins, and the other may come again."""

    def test_one_of_two_that_wait_for_each_other_is_told_to_come_again(self, operator_database: Database) -> None:
        both_have_one = threading.Barrier(2)

        def lock(first: int, second: int) -> None:
            with operator_database.transaction() as connection:
                connection.execute(text("set local role none"))
                connection.execute(text("set local deadlock_timeout = '10ms'"))
                connection.execute(LOCK, {"key": first})
                both_have_one.wait()
                connection.execute(LOCK, {"key": second})

        with ThreadPoolExecutor(2) as threads:
            ends = [threads.submit(lock, 1, 2), threads.submit(lock, 2, 1)]
            errors = [end.exception() for end in ends]
        assert [type(error) for error in errors if error] == [DatabaseContentionError]
        assert next(str(error) for error in errors if error).endswith(
            "aborted a transaction (deadlock detected) because of a concurrent one; try again"
        )

    def test_so_is_one_that_fits_into_no_order_with_another(self, operator_database: Database) -> None:
        with pytest.raises(DatabaseContentionError, match="could not serialize access"):
            change_what_another_changes(operator_database)


def change_what_another_changes(database: Database) -> None:
    with database.transaction() as late:
        late.execute(text("set transaction isolation level repeatable read"))
        late.execute(text("select * from leadership"))
        execute(database, "update leadership_of_twotier_operator set epoch = epoch + 1")
        late.execute(text("update leadership_of_twotier_operator set epoch = epoch + 1"))


LOCK = text("select pg_advisory_xact_lock(:key)")


class TestUnfitDatabases:
    """The server is there, but cannot be used as it is."""

    @pytest.mark.parametrize(
        "url",
        ["", "no url", "mysql://ada:s3cret@host/bss", "postgresql://ada:s3cret@host:port/bss"],
        ids=["empty", "no URL", "of another system", "with a port that is none"],
    )
    def test_a_url_that_cannot_be_read_is_refused_without_repeating_it(self, url: str) -> None:
        with pytest.raises(DatabaseUnfitError, match="must look like postgresql://user:password@host") as refused:
            Database(url, Role.OPERATOR)
        assert "s3cret" not in "".join(traceback.format_exception(refused.value))

    def test_a_login_that_is_no_member_of_the_role_is_told_how_to_become_one(
        self, database_url: str, stranger: str
    ) -> None:
        database = Database(as_login(database_url, stranger), Role.OPERATOR)
        with pytest.raises(DatabaseUnfitError) as unfit:
            use(database)
        database.dispose()
        assert str(unfit.value) == (
            "the login twotier_stranger may not act as twotier_operator: run `twotier database init` as that login, "
            "or `grant twotier_operator to twotier_stranger` as an administrator"
        )


@pytest.fixture
def stranger(operator_database: Database) -> Iterator[str]:
    """A login without any right."""
    with operator_database.transaction() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text("create role twotier_stranger login"))
    yield "twotier_stranger"
    with operator_database.transaction() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text("drop role twotier_stranger"))


def as_login(url: str, login: str) -> str:
    return make_url(url).set(username=login).render_as_string(hide_password=False)
