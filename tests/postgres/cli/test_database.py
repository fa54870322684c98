"""The commands of an administrator, as they are typed."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from twotier.dev.postgres import running_postgres

URL_VARIABLE = "TWOTIER_DATABASE_URL"


@pytest.fixture(scope="module")
def empty_server() -> Iterator[str]:
    """A server that knows nothing of us."""
    with running_postgres() as url:
        yield url


def twotier(*arguments: str, url: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from twotier.cli.main import main; main()", *arguments],
        env={} if url is None else {URL_VARIABLE: url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_in_their_order_make_a_database_ready(empty_server: str) -> None:
    refused = twotier("database", "check", url=empty_server)
    assert refused.returncode == 1
    assert refused.stderr == "twotier: the server has no role twotier_operator: run `twotier database init`\n"

    for command, told in (
        ("init", "The roles and the schema exist. Next: twotier database migrate\n"),
        ("migrate", "The schema is at the version of this program.\n"),
        ("check", "The database is ready.\n"),
    ):
        done = twotier("database", command, url=empty_server)
        assert (done.returncode, done.stdout, done.stderr) == (0, told, "")


def test_the_url_may_be_an_option(empty_server: str) -> None:
    assert twotier("database", "init", "--database-url", empty_server).returncode == 0


@pytest.mark.parametrize("command", ["init", "migrate", "check"])
def test_a_server_that_is_not_there_is_told_in_a_line_without_the_password(command: str) -> None:
    refused = twotier("database", command, url="postgresql://ada:s3cret@127.0.0.1:1/bss")
    assert refused.returncode == 1
    assert refused.stderr.startswith("twotier: PostgreSQL at 127.0.0.1:1, database bss cannot be used")
    assert refused.stderr.count("\n") == 1
    assert "s3cret" not in refused.stdout + refused.stderr


def test_a_url_that_cannot_be_read_is_not_repeated() -> None:
    refused = twotier("database", "check", url="mysql://ada:s3cret@host/bss")
    assert refused.returncode == 1
    assert "must look like postgresql://" in refused.stderr
    assert "s3cret" not in refused.stderr


def test_without_a_url_the_command_asks_for_one() -> None:
    refused = twotier("database", "check")
    assert refused.returncode == 1
    assert "--database-url" in refused.stderr
    assert URL_VARIABLE in refused.stderr
