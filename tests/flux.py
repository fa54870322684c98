"""Flux as a price list sees it: its own CRDs, sources with an artifact, and the server that the artifacts lie on."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import yaml
from tests.shop import Object, Shop
from tests.tarballs import tarball

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.build import cache_folder
from twotier.dev.controlplane.toolchain import find_go
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output
from twotier.kinds.price_list.source.flux import FLUX_SOURCES

GO = (1, 26)
GROUP = "source.toolkit.fluxcd.io"
DRIP_SECONDS = 0.1
KUSTOMIZATIONS = "kustomizations.kustomize.toolkit.fluxcd.io"


@dataclass(frozen=True)
class Module:
    """A Go module of Flux, with the sum of its content."""

    name: str
    sum: str
    definitions: tuple[str, ...]


MODULES = (
    Module(
        "github.com/fluxcd/source-controller@v1.9.6",
        "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=",
        tuple(f"{each.plural}.{each.group}" for each in FLUX_SOURCES.values()),
    ),
    Module(
        "github.com/fluxcd/kustomize-controller@v1.9.6",
        "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=",
        (KUSTOMIZATIONS,),
    ),
)


def definitions(module: Module) -> str:
    """Return Flux's own CRDs out of a Go module, which Go downloads once.

    Raises:
        EnvironmentUnfitError: there is no Go, or no way to the module.
    """
    go = find_go(GO, cache_folder(os.environ), Output.on_standard_error(), os.environ)
    # Go's own database of sums need not be asked: the one sum that counts is here.
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GONOSUMDB": "*", "GOWORK": "off"}
    answer = subprocess.run(
        [go, "mod", "download", "-json", module.name],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(answer.stdout or "{}")
    if found.get("Sum") != module.sum:
        raise EnvironmentUnfitError(
            f"{module.name} could not be downloaded: {found.get('Error') or answer.stderr or found}"
        )
    bases = Path(found["Dir"]) / "config" / "crd" / "bases"
    split = (name.split(".", 1) for name in module.definitions)
    return "---\n".join((bases / f"{group}_{plural}.yaml").read_text("utf-8") for plural, group in split)


@contextmanager
def installed_flux(cluster: Cluster) -> Iterator[None]:
    """Have the API server serve what Flux declares until the end of the block."""
    names = [f"crd/{name}" for module in MODULES for name in module.definitions]
    cluster.apply("---\n".join(definitions(module) for module in MODULES))
    cluster.run("wait", "--for=condition=Established", "--timeout=60s", *names)
    yield
    cluster.run("delete", "--timeout=60s", *names)


@dataclass(frozen=True)
class Artifacts:
    """The server of source-controller, which all namespaces share.

    Attributes:
        host: its name and port, as the operator's setting takes them.
        folder: what it serves, by path.
        gates: by namespace; its artifacts come in drops until the gate is open.
    """

    host: str
    folder: dict[str, bytes] = field(repr=False)
    gates: dict[str, Event] = field(repr=False)


class _Handler(BaseHTTPRequestHandler):
    """Serves what lies in a folder that is a mapping of paths."""

    def __init__(self, folder: Mapping[str, bytes], gates: Mapping[str, Event], *arguments: Any) -> None:
        self._folder = folder
        self._gates = gates
        super().__init__(*arguments)

    def do_GET(self) -> None:
        content = self._folder.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        # Whoever fetches it may give up.
        with suppress(OSError):
            self.wfile.write(self._dripping(content or b""))

    def _dripping(self, content: bytes) -> bytes:
        """Send the first bytes one by one until the gate is open; return the rest."""
        _, _, namespace, *_ = self.path.split("/")
        gate = self._gates.get(namespace)
        while gate is not None and not gate.wait(DRIP_SECONDS) and len(content) > 1:
            self.wfile.write(content[:1])
            content = content[1:]
        return content

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- as the standard library calls it
        """Say nothing."""


@contextmanager
def serving_artifacts() -> Iterator[Artifacts]:
    """Serve artifacts until the end of the block."""
    folder: dict[str, bytes] = {}
    gates: dict[str, Event] = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder, gates)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Artifacts(f"127.0.0.1:{server.server_port}", folder, gates)
        for gate in gates.values():
            gate.set()
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Flux:
    """What source-controller does for a namespace, at a test's command."""

    shop: Shop
    artifacts: Artifacts

    def publish(
        self,
        kind: str,
        name: str,
        revision: str,
        files: Mapping[str, bytes | str],
        *,
        digest: str | None = None,
        url: str | None = None,
    ) -> None:
        """Pack files into the next artifact of a source, and say that it is ready.

        Args:
            digest: announced instead of the true one.
            url: announced instead of the true one.
        """
        content = tarball({path: each.encode() if isinstance(each, str) else each for path, each in files.items()})
        path = f"/{kind.lower()}/{self.shop.namespace}/{name}/{len(self.artifacts.folder)}.tar.gz"
        self.artifacts.folder[path] = content
        self._say(
            kind,
            name,
            ready="True",
            artifact={
                "url": url or f"http://{self.artifacts.host}{path}",
                "path": path.removeprefix("/"),
                "digest": f"sha256:{digest or hashlib.sha256(content).hexdigest()}",
                "revision": revision,
                "lastUpdateTime": "2026-01-01T00:00:00Z",
                "size": len(content),
            },
        )

    @contextmanager
    def dripping(self) -> Iterator[None]:
        """Until the end of the block, artifacts of this namespace come in drops."""
        gate = self.artifacts.gates[self.shop.namespace] = Event()
        yield
        gate.set()

    def fail(self, kind: str, name: str) -> None:
        """Say that a source cannot be reached; what it has stays."""
        self._say(kind, name, ready="False")

    def _say(self, kind: str, name: str, ready: str, **status: object) -> None:
        resource = FLUX_SOURCES[kind]
        condition = {
            "type": "Ready",
            "status": ready,
            "reason": "Succeeded" if ready == "True" else "GitOperationFailed",
            "message": "as the test wants it",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }
        generation = yaml.safe_load(self.shop.kubectl("get", resource.plural, name, "--output=json"))["metadata"]
        patch = {"status": {"observedGeneration": generation["generation"], "conditions": [condition], **status}}
        self.shop.kubectl(
            "patch", resource.plural, name, "--subresource=status", "--type=merge", f"--patch={json.dumps(patch)}"
        )


def source(kind: str, name: str = "prices") -> Object:
    """A source of Flux as people write it."""
    spec: dict[str, object] = {"interval": "5m", "url": "https://git.example.com/prices"}
    if kind == "OCIRepository":
        spec["url"] = "oci://registry.example.com/prices"
    if kind == "Bucket":
        spec = {"interval": "5m", "endpoint": "s3.example.com", "bucketName": "prices"}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
