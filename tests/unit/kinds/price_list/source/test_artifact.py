"""What a source of Flux must show before its artifact is read, and what the artifact must be."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from aiohttp import web
from prometheus_client import CollectorRegistry
from tests.tarballs import tarball

from twotier.bss.sheets.parsing import Part
from twotier.dev.installation import checkout
from twotier.kinds.price_list.declaration import ArtifactSource, PriceListSpec
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.source.archive import Limits
from twotier.kinds.price_list.source.artifact import BOUNDS, Artifact, artifact_of, read_artifact
from twotier.runtime import downloads
from twotier.runtime.api import ApiClient
from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.cluster import Cluster
from twotier.runtime.credentials import Access
from twotier.runtime.downloads import Bounds
from twotier.runtime.hosts import Hosts
from twotier.runtime.intake import Intake
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Stalled, UnderWay, Unfinished, Waiting
from twotier.runtime.queue import WorkQueue
from twotier.runtime.resource import Key, Resource

CSV = b"sku,unit,price\nMAIL,month,4.20\n"
WANTED = ArtifactSource(kind="GitRepository", name="prices", path="lists/*.csv")
REVISION = "main@sha1:6fb6a1"
PATH = "/gitrepository/shop/prices/6fb6a1.tar.gz"
SHOWN = {"url": f"http://flux{PATH}", "digest": "sha256:" + 64 * "a", "revision": REVISION}
MEBIBYTE = 1 << 20


def git_repository(
    artifact: dict[str, str] | None, *, ready: str = "True", generation: int = 2, **spec: object
) -> dict[str, Any]:
    """A GitRepository whose second spec was acted upon."""
    status: dict[str, Any] = {
        "observedGeneration": 2,
        "conditions": [{"type": "Ready", "status": ready, "reason": "GitOperationFailed", "message": "no route"}],
    }
    if artifact is not None:
        status["artifact"] = artifact
    metadata = {"namespace": "shop", "name": "prices", "generation": generation}
    return {"metadata": metadata, "spec": spec, "status": status}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(git_repository(SHOWN), id="that is ready"),
        pytest.param(git_repository(SHOWN, ready="Unknown"), id="that is at work on its next artifact"),
        pytest.param(git_repository(SHOWN, ready="False"), id="that failed to make its next artifact"),
        pytest.param(git_repository(SHOWN, generation=3, suspend=True), id="that is suspended"),
    ],
)
def test_the_artifact_of_a_source(body: dict[str, Any]) -> None:
    name = "the artifact of GitRepository prices at main@sha1:6fb6a1"
    assert artifact_of(WANTED, body) == Artifact(name, f"http://flux{PATH}", "sha256", 64 * "a")


@pytest.mark.parametrize(
    ("body", "reason", "message"),
    [
        pytest.param(
            None,
            Reason.SOURCE_NOT_FOUND,
            "GitRepository prices does not exist: apply it, or correct its name in spec.source.artifact",
            id="that does not exist",
        ),
        pytest.param(
            {"metadata": {"namespace": "shop", "name": "prices", "deletionTimestamp": "now"}},
            Reason.SOURCE_NOT_FOUND,
            "GitRepository prices does not exist: apply it, or correct its name in spec.source.artifact",
            id="that is about to vanish",
        ),
        pytest.param(
            {"metadata": {"namespace": "shop", "name": "prices", "generation": 1}},
            Reason.SOURCE_NOT_READY,
            "GitRepository prices has a spec that Flux has not reconciled yet: see its condition Ready with kubectl "
            "describe",
            id="that is new",
        ),
        pytest.param(
            git_repository(SHOWN, generation=3),
            Reason.SOURCE_NOT_READY,
            "GitRepository prices has a spec that Flux has not reconciled yet: see its condition Ready with kubectl "
            "describe",
            id="whose artifact is of an older spec",
        ),
        pytest.param(
            git_repository(None, ready="False"),
            Reason.SOURCE_NOT_READY,
            "GitRepository prices has no artifact yet (GitOperationFailed): see its condition Ready with kubectl "
            "describe",
            id="that failed to make its first artifact",
        ),
        pytest.param(
            git_repository(None),
            Reason.SOURCE_NOT_READY,
            "GitRepository prices has no artifact yet: see its condition Ready with kubectl describe",
            id="without an artifact",
        ),
    ],
)
def test_a_list_waits_for_a_source(body: dict[str, Any] | None, reason: Reason, message: str) -> None:
    with pytest.raises(Waiting) as waiting:
        artifact_of(WANTED, body)
    assert (waiting.value.reason, waiting.value.message) == (reason, message)


def test_a_digest_that_cannot_be_verified_is_a_persons_matter() -> None:
    with pytest.raises(Stalled, match="a blake3 digest, which cannot be verified: start Flux's source-controller with"):
        artifact_of(WANTED, git_repository(SHOWN | {"digest": "blake3:abc"}))


def read(
    serve: Callable[[web.Request], web.Response],
    limits: Limits | None = None,
    *,
    hosts: str = "",
    shown: Mapping[str, object] | None = None,
) -> tuple[Part, ...]:
    """Read the artifact of the source that a server shows, which is an API server and Flux in one.

    Args:
        hosts: that artifacts are fetched from, instead of this server.
        shown: as the status of the price list.
    """

    async def handle(request: web.Request) -> web.Response:
        return serve(request)

    async def play() -> tuple[Part, ...]:
        application = web.Application()
        application.router.add_get("/{path:.*}", handle)
        runner = web.AppRunner(application)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            access = Access(f"http://{host}:{port}", None, None, lambda: "secret")
            metrics = Metrics(CollectorRegistry())
            async with ApiClient(access, metrics) as api:
                cluster = _cluster(api, metrics, Hosts.read(hosts or f"{host}:{port}"))
                try:
                    return await read_artifact(
                        cluster, price_list(shown or {}), WANTED, Bounds(MEBIBYTE, 20), limits or Limits()
                    )
                finally:
                    await cluster.downloads.close()
        finally:
            await runner.cleanup()

    return asyncio.run(play())


def price_list(status: Mapping[str, object]) -> Resource[PriceListSpec]:
    spec = {"distributor": "aegean", "currency": "EUR", "source": {"artifact": WANTED.model_dump()}}
    return Resource(
        key=Key("PriceList", "shop", "retail"),
        uid="1",
        generation=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        deleting=False,
        finalizers=frozenset(),
        status=status,
        spec=PriceListSpec.model_validate(spec),
    )


def _cluster(api: ApiClient, metrics: Metrics, hosts: Hosts) -> Cluster:
    caches, queue = Caches(), WorkQueue(lambda: 0.0, Backoff(lambda: 0.0), workers=1)
    return Cluster(api, caches, Intake(caches, queue, metrics, lambda: 0.0), lambda: 1, hosts)


def flux(content: bytes, digest: str | None = None, url: str | None = None) -> Callable[[web.Request], web.Response]:
    """A server that shows a source with this artifact, and serves it.

    Args:
        url: that the source shows instead of the true one.
    """

    def serve(request: web.Request) -> web.Response:
        if request.path == PATH:
            return web.Response(body=content)
        assert request.path == "/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/gitrepositories/prices", (
            "what is forbidden was fetched"
        )
        shown = {
            "url": (url or "http://{host}" + PATH).format(host=request.host),
            "digest": f"sha256:{digest or hashlib.sha256(content).hexdigest()}",
            "revision": REVISION,
        }
        return web.json_response(git_repository(shown))

    return serve


def test_the_files_of_an_artifact_name_their_source_and_revision() -> None:
    parts = read(flux(tarball({"lists/gr.csv": CSV, "lists/de.csv": b"de", "README.md": b""})))
    assert [part.name for part in parts] == [
        "lists/de.csv of GitRepository prices at main@sha1:6fb6a1",
        "lists/gr.csv of GitRepository prices at main@sha1:6fb6a1",
    ]
    assert [gzip.decompress(part.content) for part in parts] == [b"de", CSV]


def test_the_same_files_in_another_artifact_are_the_same_bytes() -> None:
    one, other = (read(flux(tarball({"lists/gr.csv": CSV, "README.md": text}))) for text in (b"one", b"other"))
    assert [part.content for part in one] == [part.content for part in other]


def test_a_cluster_without_flux_is_told_of() -> None:
    with pytest.raises(Waiting) as waiting:
        read(lambda _: web.Response(text="404 page not found", status=404))
    assert waiting.value.message == (
        "this cluster has no source.toolkit.fluxcd.io/v1 GitRepository: install Flux, or name another source in "
        "spec.source"
    )


def test_a_right_that_is_missing_is_told_of() -> None:
    with pytest.raises(Waiting, match=r"may not read GitRepository prices: grant it the rights in manifests/base"):
        read(lambda _: web.json_response({"reason": "Forbidden"}, status=403))


TARBALL = tarball({"lists/gr.csv": CSV})
NAME = "the artifact of GitRepository prices at main@sha1:6fb6a1"


@pytest.mark.parametrize(
    ("content", "limits", "accepted", "fault"),
    [
        pytest.param(
            b"<html>",
            None,
            "NotAnArchive",
            f"{NAME} is damaged, or not a tar.gz at all",
            id="no tar.gz",
        ),
        pytest.param(
            tarball({"lists/gr.csv": bytes(3 * MEBIBYTE)}),
            Limits(size=2 * MEBIBYTE),
            "TooLarge",
            f"{NAME} is larger than 2 MiB unpacked, and was not read any further",
            id="a gzip bomb",
        ),
        pytest.param(
            bytes(MEBIBYTE + 1),
            None,
            "TooLarge",
            f"{NAME} was not fetched: it is larger than the limit of 1 MiB",
            id="too large to be fetched",
        ),
        pytest.param(
            tarball({"../gr.csv": CSV}),
            None,
            "UnsafeArchive",
            f'{NAME} has an entry that points outside it, "../gr.csv"',
            id="one that points out of itself",
        ),
    ],
)
def test_an_artifact_is_refused(content: bytes, limits: Limits | None, accepted: str, fault: str) -> None:
    with pytest.raises(Stalled) as stalled:
        read(flux(content), limits)
    assert stalled.value.reason == Reason.SOURCE_REFUSED
    assert stalled.value.message == f"Nothing was imported; correct the source: {fault}"
    assert [(each.type, each.status, each.reason) for each in stalled.value.conditions] == [
        ("Accepted", "False", accepted)
    ]


def test_an_artifact_with_another_digest_is_not_unpacked() -> None:
    with pytest.raises(Waiting) as waiting:
        read(flux(b"no tar.gz at all", digest=64 * "0"))
    assert waiting.value.reason == Reason.SOURCE_INCOMPLETE
    assert waiting.value.message == (
        f"{NAME} is not the one that Flux announces: its sha256 digest differs from status.artifact.digest; the "
        "operator retries"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/gitrepository/shop/prices/6fb6a1.tar.gz",
        "http://{host}@elsewhere.example/gitrepository/shop/prices/6fb6a1.tar.gz",
        "http://elsewhere.example/gitrepository/shop/prices/6fb6a1.tar.gz",
        "https://127.0.0.1/gitrepository/shop/prices/6fb6a1.tar.gz",
    ],
)
def test_an_artifact_that_lies_elsewhere_is_not_fetched(url: str) -> None:
    with pytest.raises(Stalled) as stalled:
        read(flux(TARBALL, url=url), hosts="flux.example")
    assert stalled.value.reason == Reason.SOURCE_NOT_ALLOWED
    assert stalled.value.message == (
        f"{NAME} was not fetched from its status.artifact.url: the operator fetches by http or https from flux.example "
        "and nowhere else; whoever runs it names the addresses in TWOTIER_ARTIFACT_HOSTS"
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/gitrepository/other-shop/prices/6fb6a1.tar.gz", id="another namespace"),
        pytest.param("/gitrepository/shop/secrets/6fb6a1.tar.gz", id="another source"),
        pytest.param("/bucket/shop/prices/6fb6a1.tar.gz", id="a source of another kind"),
        pytest.param("/gitrepository/shop/prices/more/6fb6a1.tar.gz", id="nobody"),
        pytest.param("/healthz", id="the server itself"),
    ],
)
def test_an_artifact_of_another_source_is_not_fetched(path: str) -> None:
    with pytest.raises(Stalled) as stalled:
        read(flux(TARBALL, url="http://{host}" + path))
    assert stalled.value.reason == Reason.SOURCE_NOT_ALLOWED
    assert stalled.value.message == (
        f"{NAME} was not fetched from its status.artifact.url: Flux keeps the artifacts of this source in "
        "/gitrepository/shop/prices/; find out with --show-managed-fields who else writes its status"
    )


def test_an_artifact_that_cannot_be_had_tells_the_status_and_nothing_of_the_answer() -> None:
    shows = flux(TARBALL)

    def serve(request: web.Request) -> web.Response:
        return web.Response(status=404, reason="hunter2", text="hunter2") if request.path == PATH else shows(request)

    with pytest.raises(Waiting) as waiting:
        read(serve)
    assert waiting.value.reason == Reason.SOURCE_UNREACHABLE
    assert waiting.value.message == f"{NAME} was not fetched; the operator retries: the server answered 404"


def condition(reason: Reason, message: str) -> dict[str, object]:
    return {"conditions": [{"type": "Ready", "status": "False", "reason": reason, "message": message}]}


UNREACHABLE = f"{NAME} was not fetched; the operator retries: it came slower than 64 KiB/s for 10 s"
FETCHING = (Reason.FETCHING, f"{NAME} is being fetched")


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        pytest.param({}, FETCHING, id="a new list"),
        pytest.param(condition(Reason.SOURCE_NOT_READY, f"{NAME} is not"), FETCHING, id="a list that waited for it"),
        pytest.param(
            condition(Reason.SOURCE_UNREACHABLE, UNREACHABLE),
            (Reason.SOURCE_UNREACHABLE, UNREACHABLE),
            id="an artifact that could not be fetched before",
        ),
        pytest.param(
            condition(Reason.SOURCE_UNREACHABLE, "the artifact of GitRepository prices at main@sha1:0 was not fetched"),
            FETCHING,
            id="the artifact after one that could not be fetched",
        ),
    ],
)
def test_while_an_artifact_comes_a_list_says(
    shown: dict[str, object], told: tuple[Reason, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "GRACE_SECONDS", 0)
    with pytest.raises(UnderWay) as under_way:
        read(flux(TARBALL), shown=shown)
    assert (under_way.value.reason, under_way.value.message) == told


def test_the_volume_for_temporary_files_holds_all_artifacts_that_are_fetched_at_once() -> None:
    shipped = yaml.safe_load((checkout() / "manifests" / "base" / "operator.yaml").read_text(encoding="utf-8"))
    (volume,) = shipped["spec"]["template"]["spec"]["volumes"]
    assert volume["emptyDir"]["sizeLimit"] == "320Mi"
    assert downloads.IN_ALL * BOUNDS.size < 320 * MEBIBYTE


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({}, f"{NAME} has no file lists/*.csv: add it, or correct spec.source.artifact.path", id="nothing"),
        pytest.param(
            {"gr.csv": CSV, "README.md": b""},
            f"{NAME} has no file lists/*.csv: add it, or correct spec.source.artifact.path; it has gr.csv, README.md",
            id="other files",
        ),
    ],
)
def test_an_artifact_that_has_what_is_not_wanted(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(Unfinished) as waiting:
        read(flux(tarball(files)))
    assert (type(waiting.value), waiting.value.reason, waiting.value.message) == (
        Waiting,
        Reason.SOURCE_NOT_FOUND,
        message,
    )
