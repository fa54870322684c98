"""The parts that faults strike: a cluster, a database, and two operators that are started again whenever they end."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
import yaml
from kubernetes import client, config
from sqlalchemy.engine import URL, make_url
from tests.cluster.runtime.proxy import Proxy
from tests.resources import admit_tenants
from tests.shop import Shop
from tests.waiting import within
from urllib3.exceptions import HTTPError

from twotier.bss import administration
from twotier.bss.database import Role
from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.installation import NAMESPACE, install, operator_kubeconfig
from twotier.dev.operator import PROGRAM
from twotier.dev.output import Output
from twotier.dev.postgres import Server, running_server
from twotier.dev.processes import Command, Process, running

LOGIN: Final = "twotier_chaos"
PASSWORD: Final = "first"  # noqa: S105 -- of a server that lives as long as a run
LEASE: Final = "twotier-operator"
RESTART_SECONDS: Final = 1.0
PATIENT_SECONDS: Final = 60.0
IMPATIENT_SECONDS: Final = 5.0
RECOVERY_SECONDS: Final = 180.0
DISK_BYTES: Final = 1 << 30
BLOCK: Final = b"\0" * (1 << 20)
SETTINGS: Final = {
    "TWOTIER_HOST": "127.0.0.1",
    "TWOTIER_PORT": "0",
    "TWOTIER_LEASE_DURATION": "4",
    "TWOTIER_SWEEP_INTERVAL": "3",
    "TWOTIER_LOG_FORMAT": "json",
}

CLUSTER_AWAY: Final = (HTTPError, OSError)
"""What the client raises while the API server cannot be reached."""


def is_away(status: int) -> bool:
    """Tell whether the status of an answer says nothing about the request: the same may be taken later."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


class Asking:
    """The requests of the client, which wait for their answers as long as they should at the time."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.seconds = PATIENT_SECONDS
        self._ask = ask

    def __call__(self, *arguments: Any, **given: Any) -> Any:
        """Send a request, again and again as long as it may be waited for and the API server is not ready for it."""
        deadline = time.monotonic() + self.seconds
        while True:
            answer = self._ask(*arguments, **given | {"_request_timeout": self.seconds})
            if not is_away(answer.status) or self.seconds == IMPATIENT_SECONDS or time.monotonic() > deadline:
                return answer
            time.sleep(0.5)


class KeptOperator:
    """An operator that runs, as a Deployment keeps it running."""

    def __init__(self, identity: str, process: Process, log: Path) -> None:
        self.identity = identity
        self.log = log
        self._process = process
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._paused = False

    def tend(self) -> None:
        """Start it again if it ended a moment ago."""
        with self._lock:
            if self._process.status is not None and time.monotonic() - self._started > RESTART_SECONDS:
                self._process.start_again(self.log)
                self._started = time.monotonic()
                self._paused = False

    def kill(self) -> None:
        """End it by SIGKILL."""
        with self._lock:
            self._process.signal(signal.SIGKILL)

    def pause(self) -> None:
        """Let it do nothing, and notice nothing of that."""
        with self._lock:
            self._paused = True
            self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it continue where it was."""
        with self._lock:
            if self._paused:
                self._process.signal(signal.SIGCONT)
                self._paused = False


@dataclass(frozen=True)
class World:
    """Everything that runs.

    Attributes:
        disk: the folder of the database, if it is a disk of its own.
        to_cluster: what is between the operators and the API server.
        to_database: what is between the operators and the database.
    """

    control_plane: ControlPlane
    kubernetes: client.ApiClient
    asking: Asking
    server: Server
    database_url: str
    disk: Path | None
    to_cluster: Proxy
    to_database: Proxy
    operators: Sequence[KeptOperator]

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Wait for no answer of the API server for long until the end of the block: it may be away."""
        self.asking.seconds = IMPATIENT_SECONDS
        try:
            yield
        finally:
            self.asking.seconds = PATIENT_SECONDS

    def shop(self, namespace: str) -> Shop:
        """Make a namespace that may have tenants."""
        self.control_plane.cluster.run("create", "namespace", namespace)
        admit_tenants(self.kubernetes, namespace)
        return Shop(self.control_plane.cluster, self.kubernetes, namespace, self.database_url)

    # Operators

    def leader(self) -> KeptOperator:
        """Return the operator that holds the Lease; one of them if that cannot be known now."""
        holder = None
        with contextlib.suppress(client.ApiException, *CLUSTER_AWAY):
            lease = client.CoordinationV1Api(self.kubernetes).read_namespaced_lease(LEASE, NAMESPACE)
            holder = lease.spec.holder_identity if lease.spec else None
        return next((each for each in self.operators if each.identity == holder), self.operators[0])

    def standby(self) -> KeptOperator:
        """Return an operator that does not lead."""
        leader = self.leader()
        return next(each for each in self.operators if each is not leader)

    def pause_leader(self) -> None:
        """Stop the leader where it is."""
        self.leader().pause()

    def resume_all(self) -> None:
        """Let go on what was paused."""
        for operator in self.operators:
            operator.resume()

    def restart_operators(self) -> None:
        """End all operators, so that none has anything from before."""
        for operator in self.operators:
            operator.kill()

    # Cluster

    @property
    def etcd(self) -> Process:
        """What the API server keeps everything in."""
        return self.control_plane.etcd

    @property
    def apiserver(self) -> Process:
        """The API server."""
        return self.control_plane.apiserver

    def end(self, process: Process) -> None:
        """End a process by SIGKILL."""
        process.signal(signal.SIGKILL)
        process.wait()

    def revive_cluster(self) -> None:
        """Start again what ended, and wait until it answers."""
        for process in (self.etcd, self.apiserver):
            if process.status is not None:
                self.control_plane.start_again(process)
        assert within(RECOVERY_SECONDS, self.cluster_answers), "the API server does not answer any more"

    def cluster_answers(self) -> bool:
        """Tell whether the API server is ready, and may be written to."""
        try:
            client.CoreV1Api(self.kubernetes).create_namespaced_config_map(
                NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="probe")), dry_run="All"
            )
        except (client.ApiException, *CLUSTER_AWAY):
            return False
        return True

    # Database

    def administer(self, sql: str) -> None:
        """Run a statement as the superuser, which may mean the operators' login and password."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(sql.format(login=LOGIN, password=PASSWORD).encode())

    def stop_database(self, number: signal.Signals) -> None:
        """End the server by a signal."""
        self.server.process.signal(number)
        self.server.process.wait()

    def revive_database(self) -> None:
        """Start the server again if it ended, and wait until it answers."""
        if self.server.process.status is not None:
            self.server.start_again()
        assert within(RECOVERY_SECONDS, self.database_answers), "the database does not answer any more"

    def database_answers(self) -> bool:
        """Tell whether the database takes statements."""
        try:
            self.administer("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def fill_disk(self) -> None:
        """Leave no room on the disk of the database."""
        assert self.disk is not None
        with contextlib.suppress(OSError), (self.disk / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(BLOCK)

    def free_disk(self) -> None:
        """Make room again."""
        assert self.disk is not None
        (self.disk / "ballast").unlink(missing_ok=True)
        self.revive_database()


@contextmanager
def running_world(output: Output) -> Iterator[World]:
    """Run everything until the end of the block, with TwoTier installed and nothing declared."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="twotier-chaos-")))
        folder.chmod(0o711)  # the server may run as another user, and has its files below
        disk = stack.enter_context(_small_disk(folder))
        server = stack.enter_context(running_server(disk))
        database_url, login_url = _prepare_database(server)
        control_plane = stack.enter_context(running_control_plane(control_plane_binaries(output)))
        install(control_plane.cluster)
        kubernetes = stack.enter_context(_connected(control_plane))
        asking = Asking(kubernetes.rest_client.request)
        kubernetes.rest_client.request = asking  # type: ignore[method-assign]  # the client has no time limit of its own
        to_database = stack.enter_context(Proxy.to(f"{_socket_folder(server)}/.s.PGSQL.5432"))
        kubeconfig, to_cluster = stack.enter_context(_access(control_plane, folder))
        through = login_url.set(host="127.0.0.1", port=to_database.port).render_as_string(hide_password=False)
        operators = [stack.enter_context(_kept_operator(n, kubeconfig, through, folder)) for n in (1, 2)]
        world = World(control_plane, kubernetes, asking, server, database_url, disk, to_cluster, to_database, operators)
        stack.enter_context(_tending(world))
        yield world
        world.resume_all()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk that can be filled without harm to anybody else; None where none may be mounted, which takes root."""
    place = folder / "disk"
    place.mkdir(mode=0o711)
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    mounted = False
    if mount is not None and unmount is not None:
        arguments = [mount, "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=711", "twotier-chaos", str(place)]
        mounted = subprocess.run(arguments, capture_output=True, check=False).returncode == 0
    try:
        yield place if mounted else None
    finally:
        if mounted and unmount is not None:
            subprocess.run([unmount, str(place)], check=False)


def _prepare_database(server: Server) -> tuple[str, URL]:
    """Make the schema, and a login for the operators whose password counts; return both URLs."""
    administration.initialise(server.url)
    administration.migrate(server.url)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            f"create role {LOGIN} login password '{PASSWORD}' in role {Role.OPERATOR}".encode()  # our own words
        )
        (found,) = connection.execute("show hba_file").fetchone() or ("",)
        rules = Path(str(found))
        rules.write_text(f"local all {LOGIN} scram-sha-256\nlocal all all trust\n", encoding="ascii")
        connection.execute("select pg_reload_conf()")
    return server.url, URL.create("postgresql", LOGIN, PASSWORD, database=make_url(server.url).database)


def _socket_folder(server: Server) -> str:
    return str(make_url(server.url).query["host"])


@contextmanager
def _connected(control_plane: ControlPlane) -> Iterator[client.ApiClient]:
    connect, how = config.new_client_from_config, client.Configuration()
    how.retries = False
    with connect(str(control_plane.cluster.kubeconfig), client_configuration=how) as api_client:  # type: ignore[no-untyped-call]  # the package is half typed
        yield api_client


@contextmanager
def _access(control_plane: ControlPlane, folder: Path) -> Iterator[tuple[Path, Proxy]]:
    """The operators' way to the API server, and what can be cut of it."""
    path = operator_kubeconfig(control_plane.cluster, folder / "kubeconfig")
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    entry = known["clusters"][0]["cluster"]
    port = int(entry["server"].rpartition(":")[2])
    with Proxy.to(("127.0.0.1", port)) as proxy:
        entry["server"] = f"https://127.0.0.1:{proxy.port}"
        path.write_text(yaml.safe_dump(known), encoding="utf-8")
        yield path, proxy


@contextmanager
def _kept_operator(number: int, kubeconfig: Path, database_url: str, folder: Path) -> Iterator[KeptOperator]:
    identity, log = f"operator-{number}", folder / f"operator-{number}.log"
    environment = {**os.environ, **SETTINGS, "TWOTIER_IDENTITY": identity, URL_VARIABLE: database_url}
    command = Command(
        name=identity, arguments=[PROGRAM, "operator", f"--kubeconfig={kubeconfig}"], environment=environment, grace=2.0
    )
    with running(command, log) as process:
        yield KeptOperator(identity, process, log)


@contextmanager
def _tending(world: World) -> Iterator[None]:
    """Start operators that ended again, until the end of the block."""
    stop = threading.Event()

    def tend() -> None:
        while not stop.wait(0.2):
            for operator in world.operators:
                operator.tend()

    thread = threading.Thread(target=tend)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class Log:
    """What the operators wrote of errors that they did not expect, from one look to the next."""

    def __init__(self, operators: Sequence[KeptOperator]) -> None:
        self._read = {operator.log: 0 for operator in operators}
        self._told: set[str] = set()

    def unexpected(self) -> Sequence[tuple[str, str]]:
        """Return each error that is new since the last look, as what was under way, and what was raised."""
        found = []
        for doing, raised in (told for log in self._read for told in self._of(log)):
            if raised not in self._told:
                self._told.add(raised)
                found.append((doing, raised))
        return found

    def _of(self, log: Path) -> Iterator[tuple[str, str]]:
        with log.open("rb") as content:
            content.seek(self._read[log])
            for line in content:
                if not line.endswith(b"\n"):
                    return
                self._read[log] += len(line)
                if line.startswith(b"{") and (told := _told(json.loads(line))):
                    yield told


def _told(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """What an entry says of an exception that nobody expected; None if it says nothing of one.

    What Python's event loop and Kopf say while a process ends is not ours, and changes nothing.
    """
    found = entry.get("exception")
    if not found or not str(entry.get("logger")).startswith("twotier."):
        return None
    raised = found[0]
    place = " ".join(str(entry[key]) for key in ("kind", "namespace", "name") if key in entry)
    (told, *_) = str(raised["exc_value"]).splitlines() or [""]
    return f"{entry['event']}: {place}", f"{raised['exc_type']}: {told[:300]}"
