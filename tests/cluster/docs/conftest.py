"""A reader at a desk: the examples, a kubeconfig, and TwoTier running."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cluster.docs.pages import Command, Outcome, follow, steps
from tests.shop import Shop

from twotier.bss.unfit import URL_VARIABLE
from twotier.cli.client.api import SERVER_VARIABLE
from twotier.dev.cluster import Cluster
from twotier.dev.installation import checkout, remove_resources
from twotier.dev.operator import PROGRAM
from twotier.dev.server import Server

NAMESPACE = re.compile(r"\bshop\b")
"""Where the pages and examples are, and the test is elsewhere."""
DOMAIN = re.compile(r"\bshops\.example\.(com|org)\b")
"""Base domains of the examples; each belongs to one distributor of a database, and each test has distributors."""


@dataclass(frozen=True)
class Reader:
    """Somebody who does what a page says.

    Attributes:
        folder: where the examples are.
        namespace: the current one.
    """

    folder: Path
    namespace: str
    shop: Shop
    server: Server

    @property
    def environment(self) -> dict[str, str]:
        """What a shell finds, beside that of this process."""
        programs = (PROGRAM.parent, self.shop.cluster.kubectl.parent, os.environ["PATH"])
        return {
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "PATH": ":".join(map(str, programs)),
            SERVER_VARIABLE: self.server.url,
            URL_VARIABLE: self.shop.database_url,
        }

    def follow(self, page: str) -> list[tuple[Command, Outcome]]:
        """Do what a page says, in the namespace of the test."""
        return follow(steps(NAMESPACE.sub(self.namespace, page)), self.folder, self.environment)


@pytest.fixture
def reader(shop: Shop, server: Server, tmp_path: Path) -> Reader:
    """A reader with the examples at hand, whose current namespace is the test's."""
    for name in ("examples", "manifests"):
        shutil.copytree(checkout() / name, tmp_path / name)
    for manifest in (tmp_path / "examples").rglob("*.yaml"):
        text = DOMAIN.sub(rf"{shop.namespace}.example.\1", manifest.read_text(encoding="utf-8"))
        manifest.write_text(NAMESPACE.sub(shop.namespace, text), encoding="utf-8")
    desk = Cluster(Path(shutil.copy(shop.cluster.kubeconfig, tmp_path / "kubeconfig")), shop.cluster.kubectl)
    desk.run("config", "set-context", "--current", f"--namespace={shop.namespace}")
    return Reader(tmp_path, shop.namespace, shop, server)


@pytest.fixture
def namespace_of_the_tutorial(cluster: Cluster) -> Iterator[None]:
    """The tutorial makes one, and takes it away if it comes to its end."""
    yield
    if cluster.run("get", "namespace", "tutorial", "--ignore-not-found"):
        remove_resources(cluster, "tutorial")
        cluster.run("delete", "namespace", "tutorial")
