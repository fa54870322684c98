"""What a source of Flux must show before its artifact is read, and what the artifact must be."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from tests.tarballs import tarball

from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import ArtifactSource
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.source.archive import Limits
from twotier.kinds.price_list.source.artifact import Artifact, artifact_of, read_artifact
from twotier.runtime.api import ApiClient
from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.cluster import Cluster
from twotier.runtime.credentials import Access
from twotier.runtime.downloads import Bounds
from twotier.runtime.intake import Intake
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Stalled, Unfinished, Waiting
from twotier.runtime.queue import WorkQueue

CSV = b"sku,unit,price\nMAIL,month,4.20\n"
WANTED = ArtifactSource(kind="GitRepository", name="prices", path="lists/*.csv")
REVISION = "main@sha1:6fb6a1"
SHOWN = {"url": "http://flux/prices.tar.gz", "digest": "sha256:" + 64 * "a", "revision": REVISION}
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
    assert artifact_of(WANTED, body) == Artifact(name, "http://flux/prices.tar.gz", "sha256", 64 * "a")


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


def read(serve: Callable[[web.Request], web.Response], limits: Limits | None = None) -> tuple[Part, ...]:
    """Read the artifact of the source that a server shows, which is an API server and Flux in one."""

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
                return await read_artifact(
                    _cluster(api, metrics), "shop", WANTED, Bounds(MEBIBYTE, 20), limits or Limits()
                )
        finally:
            await runner.cleanup()

    return asyncio.run(play())


def _cluster(api: ApiClient, metrics: Metrics) -> Cluster:
    caches, queue = Caches(), WorkQueue(lambda: 0.0, Backoff(lambda: 0.0), workers=1)
    return Cluster(api, caches, Intake(caches, queue, metrics, lambda: 0.0), lambda: 1)


def flux(content: bytes, digest: str | None = None) -> Callable[[web.Request], web.Response]:
    """A server that shows a source with this artifact, and serves it."""

    def serve(request: web.Request) -> web.Response:
        if request.path == "/prices.tar.gz":
            return web.Response(body=content)
        assert request.path == "/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/gitrepositories/prices"
        shown = {
            "url": f"http://{request.host}/prices.tar.gz",
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
            f"{NAME} is damaged, or not a tar.gz at all (Not a gzipped file (b'<h'))",
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
    assert f"{NAME} is not the one that Flux announces" in waiting.value.message
    assert (
        f"has the digest sha256:{hashlib.sha256(b'no tar.gz at all').hexdigest()} instead of" in waiting.value.message
    )


def test_an_artifact_that_lies_on_another_host_is_not_fetched() -> None:
    shows = flux(TARBALL)

    def serve(request: web.Request) -> web.Response:
        if request.path == "/prices.tar.gz":
            raise web.HTTPFound("http://elsewhere.example/prices.tar.gz")
        return shows(request)

    with pytest.raises(Waiting) as waiting:
        read(serve)
    assert waiting.value.reason == Reason.SOURCE_UNREACHABLE
    assert waiting.value.message.startswith(f"{NAME} was not fetched from http://127.0.0.1:")
    assert waiting.value.message.endswith(
        "the operator retries: the server redirects to another host, http://elsewhere.example, which is not followed"
    )


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
