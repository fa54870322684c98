"""Price lists out of the artifacts that Flux keeps, with Flux's own CRDs and a server of artifacts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
import yaml
from tests.flux import Artifacts, Flux, installed_flux, source
from tests.shop import BACKUP, DISK, MAIL, Object, Shop, csv, distributor, price_list

from twotier.dev.cluster import Cluster

KIND, NAME = "GitRepository", "prices"
ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "price-lists-from-flux.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "price-list-from-flux"


@pytest.fixture(scope="module", autouse=True)
def flux_is_installed(cluster: Cluster) -> Iterator[None]:
    """Before the operator starts, which looks for it then."""
    with installed_flux(cluster):
        yield


@pytest.fixture
def flux(shop: Shop, artifacts: Artifacts) -> Flux:
    return Flux(shop, artifacts)


def from_artifact(path: str = "prices.csv", kind: str = KIND, name: str = "retail") -> Object:
    return price_list(name, source={"artifact": {"kind": kind, "name": NAME, "path": path}})


def sources(shop: Shop) -> list[str]:
    """Where each revision came from."""
    return [
        name
        for (name,) in shop.rows(
            "select r.source from price_list_revision r join price_list l on l.id = r.price_list_id "
            "join organization o on o.id = l.organization_id where o.namespace = :namespace order by r.revision",
            namespace=shop.namespace,
        )
    ]


@pytest.mark.parametrize("kind", ["GitRepository", "OCIRepository", "Bucket"])
def test_a_list_waits_for_its_artifact_and_wakes_with_the_next_one(shop: Shop, flux: Flux, kind: str) -> None:
    shop.apply(distributor(), from_artifact("lists/*.csv", kind))
    message = shop.await_condition("PriceList", "retail", "False", "SourceNotFound")
    assert message == f"{kind} prices does not exist: apply it, or correct its name in spec.source.artifact"
    shop.apply(source(kind))
    shop.await_condition("PriceList", "retail", "False", "SourceNotReady")

    flux.publish(kind, NAME, "main@sha1:1", {"lists/gr.csv": csv(MAIL), "lists/de.csv": csv(DISK), "README": "hello"})
    assert shop.await_status("PriceList", "retail", "revision", 1)["offers"] == 2
    flux.publish(kind, NAME, "main@sha1:2", {"lists/gr.csv": csv(MAIL, BACKUP)})
    status = shop.await_status("PriceList", "retail", "revision", 2)

    assert status["differences"] == {"added": 1, "removed": 1, "priceChanged": 0, "otherChanged": 0}
    assert sources(shop) == [
        f"lists/de.csv of {kind} prices at main@sha1:1, lists/gr.csv of {kind} prices at main@sha1:1",
        f"lists/gr.csv of {kind} prices at main@sha1:2",
    ]


def test_a_commit_that_leaves_the_list_alone_is_no_revision(shop: Shop, flux: Flux) -> None:
    shop.apply(distributor(), source(KIND), from_artifact())
    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
    shop.await_status("PriceList", "retail", "revision", 1)

    flux.fail(KIND, NAME)
    flux.publish(KIND, NAME, "main@sha1:2", {"prices.csv": csv(MAIL), "README": "new"})
    shop.await_ready(price_list())

    assert sources(shop) == ["prices.csv of GitRepository prices at main@sha1:1"]


def test_an_artifact_that_is_not_what_flux_announces_waits_for_one_that_is(shop: Shop, flux: Flux) -> None:
    shop.apply(distributor(), source(KIND), from_artifact())
    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)}, digest=64 * "0")
    message = shop.await_condition("PriceList", "retail", "False", "SourceIncomplete")
    assert message == (
        "the artifact of GitRepository prices at main@sha1:1 is not the one that Flux announces: its sha256 digest "
        "differs from status.artifact.digest; the operator retries"
    )
    assert "revision" not in shop.status("PriceList", "retail")

    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
    shop.await_status("PriceList", "retail", "revision", 1)


def test_an_artifact_is_refused_and_the_revision_before_still_serves(shop: Shop, flux: Flux) -> None:
    shop.apply(distributor(), source(KIND), from_artifact())
    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
    shop.await_status("PriceList", "retail", "revision", 1)

    flux.publish(KIND, NAME, "main@sha1:2", {"prices.csv": csv(MAIL, DISK), "../cron.d/job": "evil"})
    message = shop.await_condition("PriceList", "retail", "False", "SourceRefused")
    assert message == (
        "Nothing was imported; correct the source: the artifact of GitRepository prices at main@sha1:2 has an entry "
        'that points outside it, "../cron.d/job"'
    )
    shop.await_condition("PriceList", "retail", "False", "UnsafeArchive", "Accepted")
    assert shop.status("PriceList", "retail")["revision"] == 1

    flux.publish(KIND, NAME, "main@sha1:3", {"prices.csv": csv("MAIL,month,12,Mail")})
    message = shop.await_condition("PriceList", "retail", "False", "RaggedRow", "Accepted")
    assert message == "Nothing was imported; correct the source: line 2: 4 cells, but the header has 5"

    flux.publish(KIND, NAME, "main@sha1:4", {"prices.csv": csv(MAIL, DISK)})
    shop.await_status("PriceList", "retail", "revision", 2)


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """Another server in the cluster: its address, and whoever connected to it."""
    came: list[str] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            came.append(self.client_address[0])

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield "{}:{}".format(*server.server_address), came
        server.shutdown()
        thread.join()


def test_a_forged_status_leads_the_operator_nowhere(shop: Shop, flux: Flux, listening: tuple[str, list[str]]) -> None:
    elsewhere, came = listening
    own = f"/gitrepository/{shop.namespace}/prices/1.tar.gz"
    shop.apply(distributor(), source(KIND), from_artifact())
    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
    shop.await_status("PriceList", "retail", "revision", 1)

    forged = (
        f"http://{elsewhere}{own}",
        f"http://{flux.artifacts.host}@{elsewhere}{own}",
        f"http://{flux.artifacts.host}/gitrepository/another-shop/prices/1.tar.gz",
        "http://127.0.0.1:1/",
    )
    for number, url in enumerate(forged):
        flux.publish(KIND, NAME, f"main@sha1:forged-{number}", {"prices.csv": csv(DISK)}, url=url)
        shop.await_message("PriceList", "retail", f"the artifact of GitRepository prices at main@sha1:forged-{number}")
        message = shop.await_condition("PriceList", "retail", "False", "SourceNotAllowed")
        assert elsewhere not in message
    assert came == []

    flux.publish(KIND, NAME, "main@sha1:2", {"prices.csv": csv(MAIL, BACKUP)})
    shop.await_status("PriceList", "retail", "revision", 2)
    shop.await_ready(price_list())


def test_a_list_says_that_its_artifact_is_being_fetched_and_wakes_when_it_is_here(shop: Shop, flux: Flux) -> None:
    shop.apply(distributor(), source(KIND))
    with flux.dripping():
        flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
        shop.apply(from_artifact())
        message = shop.await_condition("PriceList", "retail", "False", "Fetching")
        assert message == "the artifact of GitRepository prices at main@sha1:1 is being fetched"
    shop.await_status("PriceList", "retail", "revision", 1)
    shop.await_ready(price_list())


def test_a_list_stays_ready_while_its_next_artifact_is_fetched(shop: Shop, flux: Flux) -> None:
    shop.apply(distributor(), source(KIND), from_artifact())
    flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
    shop.await_ready(price_list())
    since = transition(shop, "retail")

    with flux.dripping():
        flux.publish(KIND, NAME, "main@sha1:2", {"prices.csv": csv(MAIL, DISK)})
        shop.apply(price_list("inline"))
        shop.await_ready(price_list("inline"))
    shop.await_status("PriceList", "retail", "revision", 2)
    assert transition(shop, "retail") == since


def transition(shop: Shop, name: str) -> str:
    """Since when a list is Ready, or is not."""
    (ready,) = (each for each in shop.status("PriceList", name)["conditions"] if each["type"] == "Ready")
    assert ready["status"] == "True"
    return str(ready["lastTransitionTime"])


def test_artifacts_that_come_in_drops_keep_no_other_namespace_waiting(
    shop: Shop, other_namespace: str, flux: Flux, artifacts: Artifacts
) -> None:
    other_shop = replace(shop, namespace=other_namespace)
    other = Flux(other_shop, artifacts)
    shop.apply(distributor(), source(KIND))
    other_shop.apply(distributor(baseDomain="others.example.com"), source(KIND))
    with flux.dripping():
        flux.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(MAIL)})
        slow = [f"slow-{number}" for number in range(18)]
        shop.apply(*(from_artifact(name=name) for name in slow))
        shop.await_condition("PriceList", slow[-1], "False", "Fetching")

        other_shop.apply(from_artifact())
        other.publish(KIND, NAME, "main@sha1:1", {"prices.csv": csv(DISK)})
        other_shop.await_ready(price_list())
        assert all("revision" not in shop.status("PriceList", name) for name in slow)
    for name in slow:
        shop.await_status("PriceList", name, "revision", 1)


def test_the_example_is_applied_by_flux_and_read_from_its_artifact(shop: Shop, flux: Flux) -> None:
    repository, kustomization = yaml.safe_load_all((EXAMPLE / "sync.yaml").read_text(encoding="utf-8"))
    applied = kustomization["spec"]
    assert (
        applied["targetNamespace"]
        == repository["metadata"].pop("namespace")
        == kustomization["metadata"].pop("namespace")
    )
    assert applied["wait"]
    shop.apply(repository, kustomization)
    shop.apply(*yaml.safe_load_all(shop.cluster.render(ROOT / applied["path"])))
    shop.await_condition("PriceList", "retail", "False", "SourceNotReady")

    kept = {str(file.relative_to(ROOT)): file.read_bytes() for file in EXAMPLE.rglob("*") if file.is_file()}
    flux.publish(repository["kind"], repository["metadata"]["name"], "main@sha1:1", kept)
    shop.await_ready(price_list())
    status = shop.status("PriceList", "retail")
    assert (status["offers"], status["products"]) == (5, 4)


@pytest.mark.parametrize("file", ["sync.yaml", "shop/price-list.yaml"])
def test_the_how_to_shows_the_example(file: str) -> None:
    assert (EXAMPLE / file).read_text(encoding="utf-8") in PAGE


def test_the_how_to_shows_sources_that_flux_takes(shop: Shop) -> None:
    shown = [each for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) for each in yaml.safe_load_all(block)]
    (registry,) = (each for each in shown if each["kind"] == "OCIRepository")
    shop.apply(registry)
