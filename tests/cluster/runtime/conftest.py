"""Toy operators as processes of their own, each confined to a test's namespace, and the toys in it."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from kubernetes import client
from tests import resources, waiting
from tests.resources import Object

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.listening import HOST, answers_ok, listening
from twotier.dev.processes import Command, Process

HERE = Path(__file__).parent
PROGRAM = HERE / "toy.py"
ACCOUNT = "toys"
ATTENDED = 32
RULES = [
    ("twotier.dev", "toys", ["get", "list", "watch", "patch"]),
    ("twotier.dev", "toys/status", ["patch"]),
    ("twotier.dev", "gadgets", ["list", "watch"]),  # there are none
    ("", "configmaps", ["get", "list", "watch"]),
    ("", "events", ["create"]),
    ("coordination.k8s.io", "leases", ["get", "create", "update"]),
]


def eventually(look: Callable[[], object], what: str) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it does not hold for long.
    """
    waiting.eventually(look, lambda: what)


@dataclass(frozen=True)
class Toys:
    """The toys of one namespace, and the folder that their operators write into."""

    cluster: Cluster
    kubernetes: client.ApiClient
    namespace: str
    folder: Path
    audit_log: Path

    def apply(self, name: str, metadata: Object | None = None, **spec: object) -> None:
        """Apply a toy as a person would."""
        body = {
            "apiVersion": "twotier.dev/v1alpha1",
            "kind": "Toy",
            "metadata": {"name": name, "namespace": self.namespace, **(metadata or {})},
            "spec": spec,
        }
        resources.apply(self.kubernetes, self.namespace, body)

    def get(self, name: str) -> Object:
        """Return a toy as the API server shows it; {} if there is none."""
        return resources.get(self.kubernetes, self.namespace, "Toy", name)

    def status(self, name: str) -> Object:
        """Return a toy's status."""
        return dict(self.get(name)["status"])

    def condition(self, name: str, type_: str = "Ready") -> tuple[str, str]:
        """Return a condition's status and reason, or two empty strings."""
        found = [item for item in self.status(name).get("conditions", []) if item["type"] == type_]
        return (found[0]["status"], found[0]["reason"]) if found else ("", "")

    def exists(self, name: str) -> bool:
        """Tell whether there is a toy of this name."""
        return self.get(name) != {}

    def await_condition(self, name: str, status: str, reason: str, type_: str = "Ready") -> None:
        """Wait until a condition is as expected."""
        eventually(lambda: self.condition(name, type_) == (status, reason), f"{name} {type_}={status} {reason}")

    def run(self, *arguments: str) -> str:
        """Run kubectl in the namespace."""
        return self.cluster.run(*arguments, f"--namespace={self.namespace}")

    def delete(self, name: str, *, wait: bool = True) -> None:
        """Delete a toy."""
        self.run("delete", "toy", name, f"--wait={str(wait).lower()}", "--timeout=30s")

    def content(self, name: str) -> str | None:
        """Return what the operator wrote for a toy into its data plane."""
        file = self.folder / f"{self.namespace}.{name}"
        return file.read_text(encoding="utf-8") if file.exists() else None

    def reconciles(self, name: str) -> int:
        """Return how often a toy was reconciled."""
        log = self.folder / "reconciles"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return lines.count(f"{self.namespace}/{name}")

    def await_more_reconciles(self, name: str, more: int = 2) -> None:
        """Wait until a toy was reconciled again, so often."""
        enough = self.reconciles(name) + more
        eventually(lambda: self.reconciles(name) >= enough, f"{name} reconciled {more} times more")

    def writes(self) -> list[Write]:
        """Return what the operators wrote to the API server, the Lease apart."""
        user = f"system:serviceaccount:{self.namespace}:{ACCOUNT}"
        return [write for write in writes(self.audit_log, user) if write.resource != "leases"]

    def events(self, name: str) -> list[tuple[str, str]]:
        """Return the reasons and messages of the events about a toy."""
        found = client.CoreV1Api(self.kubernetes).list_namespaced_event(self.namespace).items
        return [(event.reason or "", event.message or "") for event in found if event.involved_object.name == name]

    def holder(self) -> str:
        """Return who holds the Lease."""
        lease = client.CoordinationV1Api(self.kubernetes).read_namespaced_lease("toys", self.namespace)
        return str(lease.spec and lease.spec.holder_identity)


@dataclass
class ToyOperator:
    """One operator's process."""

    process: Process
    url: str
    log: Path

    def phase(self) -> str:
        """Return what it says of itself."""
        with urlopen(f"{self.url}/healthz", timeout=10) as answer:  # noqa: S310 -- our own URL
            return str(yaml.safe_load(answer.read())["phase"])

    def metrics(self) -> str:
        """Return its figures."""
        with urlopen(f"{self.url}/metrics", timeout=10) as answer:  # noqa: S310 -- our own URL
            return str(answer.read(), "utf-8")

    def stop(self) -> int:
        """Send SIGTERM and return the exit status."""
        self.process.signal(signal.SIGTERM)
        return self.process.wait()


@dataclass
class Operators:
    """Starts toy operators, and ends those that are left.

    Attributes:
        namespaces: that they watch; their Lease is in the first.
    """

    folder: Path
    namespaces: Sequence[str]
    kubeconfig: Path
    stack: ExitStack
    started: list[ToyOperator] = field(default_factory=list)

    def environment(self, **settings: str) -> Mapping[str, str]:
        """Return the settings of an operator; keyword arguments replace some."""
        return {
            "TOY_FOLDER": str(self.folder),
            "TWOTIER_KUBECONFIG": str(self.kubeconfig),
            "TWOTIER_NAMESPACES": ",".join(self.namespaces),
            "TWOTIER_LEASE_NAME": "toys",
            "TWOTIER_LEASE_DURATION": "3",
            "TWOTIER_HOST": HOST,
            **settings,
        }

    def command(self, port: int, **settings: str) -> Command:
        """Return how to run an operator on a port; warnings are errors there too."""
        environment = self.environment(TWOTIER_PORT=str(port), **settings)
        return Command(name="toy operator", arguments=[sys.executable, "-W", "error", PROGRAM], environment=environment)

    def start(self, **settings: str) -> ToyOperator:
        """Start an operator and wait until it is ready, be it as a standby."""
        log = self.folder / f"log-{len(self.started)}"
        process, port = self.stack.enter_context(
            listening(
                lambda port: self.command(port, **settings),
                lambda port: answers_ok(f"http://{HOST}:{port}/readyz"),
                log,
            )
        )
        operator = ToyOperator(process, f"http://{HOST}:{port}", log)
        self.started.append(operator)
        return operator

    def lead(self, **settings: str) -> ToyOperator:
        """Start an operator and wait until it leads and has listed everything."""
        operator = self.start(**settings)
        eventually(lambda: operator.phase() == "leading", "the operator leads")
        return operator


@pytest.fixture(scope="session")
def toys_served(control_plane: ControlPlane) -> None:
    """The API server serves the toy kind."""
    control_plane.cluster.run("apply", "--server-side", "--filename", HERE / "toy.yaml")
    control_plane.cluster.run("wait", "crd/toys.twotier.dev", "--for=condition=Established", "--timeout=60s")


@pytest.fixture
def toys(
    toys_served: None,  # noqa: ARG001 -- it must be there
    control_plane: ControlPlane,
    kubernetes: client.ApiClient,
    namespace: str,
    tmp_path: Path,
) -> Toys:
    return Toys(control_plane.cluster, kubernetes, namespace, tmp_path, control_plane.audit_log)


@pytest.fixture
def operators(toys: Toys, tmp_path: Path) -> Iterator[Operators]:
    """A test's own operators; they act as a ServiceAccount with rights in the test's namespace alone."""
    with _operators(toys.cluster, [toys.namespace], tmp_path) as own:
        yield own


@pytest.fixture
def sweeping(operators: Operators) -> ToyOperator:
    """An operator of the test's own that looks at everything several times a second."""
    return operators.lead(TWOTIER_SWEEP_INTERVAL="0.3")


@pytest.fixture
def operator(operators: Operators) -> ToyOperator:
    """An operator of the test's own that does nothing unless it is woken."""
    return operators.lead(TWOTIER_SWEEP_INTERVAL="3600")


@pytest.fixture(scope="session")
def attendance(
    toys_served: None,  # noqa: ARG001 -- it must be there
    control_plane: ControlPlane,
    kubernetes: client.ApiClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Iterator[Toys]]:
    """Toys in namespaces that one operator attends to, which does nothing unless it is woken."""
    cluster, folder = control_plane.cluster, tmp_path_factory.mktemp("attendance")
    namespaces = [f"attended-{number}" for number in range(ATTENDED)]
    cluster.apply(yaml.safe_dump_all(map(_namespace, namespaces)))
    with _operators(cluster, namespaces, folder) as operators:
        operators.lead(TWOTIER_SWEEP_INTERVAL="3600")
        yield (Toys(cluster, kubernetes, name, folder, control_plane.audit_log) for name in namespaces)


@pytest.fixture
def attended(attendance: Iterator[Toys]) -> Toys:
    """Toys that the session's operator attends to, in a namespace of the test's own."""
    return next(attendance)


@contextmanager
def _operators(cluster: Cluster, namespaces: Sequence[str], folder: Path) -> Iterator[Operators]:
    home = namespaces[0]
    cluster.apply(
        yaml.safe_dump_all([_account(home), *(right for name in namespaces for right in _rights(name, home))])
    )
    kubeconfig = cluster.service_account_kubeconfig(home, ACCOUNT, folder / "kubeconfig")
    with ExitStack() as stack:
        yield Operators(folder, namespaces, kubeconfig, stack)


def _namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _account(namespace: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": namespace}}


def _rights(namespace: str, home: str) -> tuple[Object, Object]:
    """Let the account of the home namespace do in another one what an operator needs, and no more."""
    group = "rbac.authorization.k8s.io"
    metadata = {"name": ACCOUNT, "namespace": namespace}
    rules = [{"apiGroups": [group], "resources": [name], "verbs": verbs} for group, name, verbs in RULES]
    subject = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": home}
    return (
        {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": rules},
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": ACCOUNT},
            "subjects": [subject],
        },
    )
