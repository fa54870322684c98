"""Flux as a price list sees it: its own CRDs, sources with an artifact, and the server that the artifacts lie on."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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


class _Handler(BaseHTTPRequestHandler):
    """Serves what lies in a folder that is a mapping of paths."""

    def __init__(self, folder: Mapping[str, bytes], *arguments: Any) -> None:
        self._folder = folder
        super().__init__(*arguments)

    def do_GET(self) -> None:
        content = self._folder.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- as the standard library calls it
        """Say nothing."""


@dataclass(frozen=True)
class Flux:
    """What source-controller does for a namespace, at a test's command."""

    shop: Shop
    server: str
    folder: dict[str, bytes] = field(repr=False)

    def publish(
        self, kind: str, name: str, revision: str, files: Mapping[str, bytes | str], digest: str | None = None
    ) -> None:
        """Pack files into the next artifact of a source, and say that it is ready.

        Args:
            digest: announced instead of the true one.
        """
        content = tarball({path: each.encode() if isinstance(each, str) else each for path, each in files.items()})
        path = f"/{kind.lower()}/{self.shop.namespace}/{name}/{len(self.folder)}.tar.gz"
        self.folder[path] = content
        self._say(
            kind,
            name,
            ready="True",
            artifact={
                "url": self.server + path,
                "path": path.removeprefix("/"),
                "digest": f"sha256:{digest or hashlib.sha256(content).hexdigest()}",
                "revision": revision,
                "lastUpdateTime": "2026-01-01T00:00:00Z",
                "size": len(content),
            },
        )

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


@contextmanager
def serving_flux(shop: Shop) -> Iterator[Flux]:
    """Serve artifacts until the end of the block."""
    folder: dict[str, bytes] = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Flux(shop, f"http://127.0.0.1:{server.server_port}", folder)
        server.shutdown()
        thread.join()


def source(kind: str, name: str = "prices") -> Object:
    """A source of Flux as people write it."""
    spec: dict[str, object] = {"interval": "5m", "url": "https://git.example.com/prices"}
    if kind == "OCIRepository":
        spec["url"] = "oci://registry.example.com/prices"
    if kind == "Bucket":
        spec = {"interval": "5m", "endpoint": "s3.example.com", "bucketName": "prices"}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
