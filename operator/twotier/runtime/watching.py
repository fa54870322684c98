"""Kopf, but only its watches: they fill the caches, and everything else is ours."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from twotier.runtime.api import ApiClient
from twotier.runtime.foreign import Foreign
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind, followed
from twotier.runtime.resource import FINALIZER, GROUP, VERSION, Key

CLIENTS: Final = ("kubernetes", "kubernetes_asyncio", "pykube")
IDLE_SECONDS: Final = 0.5
WATCHER: Final = "watcher for "
"""The prefix in the names of Kopf's tasks that watch something."""


@contextmanager
def _hidden(*modules: str) -> Iterator[None]:
    """Make modules look as if they were not installed."""
    hidden = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is the documented way to block an import
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


# Kopf imports every Kubernetes client that it finds and does not need them here: 30 MB and 1.6 s for nothing.
with _hidden(*CLIENTS):
    import kopf


class _NoEssence(kopf.DiffBaseStorage):
    """Spares Kopf the copy of every object that change handlers would compare: we have none."""

    def build(self, **_: Any) -> kopf.BodyEssence:
        return kopf.BodyEssence()

    def fetch(self, **_: Any) -> kopf.BodyEssence | None:
        return None

    def store(self, **_: Any) -> None:
        raise NotImplementedError("Change handlers are not used: they write to every object at every start.")


async def watch(
    kinds: Sequence[Kind[Any]],
    intake: Intake,
    api: ApiClient,
    *,
    namespaces: Sequence[str],
    stop: asyncio.Event,
    started: asyncio.Event,
) -> None:
    """Watch the kinds, and the types they follow that every cluster has, until told to stop.

    Tasks that begin after this one are taken as Kopf's own and cancelled when it ends. Anything that ends a watch for
    good, such as a deleted definition, ends all and is raised.

    Args:
        namespaces: to watch; empty for all.
        stop: ends the watches.
        started: is set once Kopf has taken over the process's signals, which cannot be prevented.
    """
    foreign = followed(kinds, optional=False)
    registry = _registry(kinds, foreign, intake, api)
    _end_together(registry, stop)
    await kopf.operator(
        registry=registry,
        settings=kopf_settings(foreign),
        standalone=True,
        clusterwide=not namespaces,
        namespaces=namespaces,
        stop_flag=stop,
        ready_flag=started,
    )


def kopf_settings(foreign: Sequence[Foreign] = ()) -> kopf.OperatorSettings:
    """Return Kopf's settings for watching, foreign types included."""
    settings = kopf.OperatorSettings()
    settings.scanning.disabled = True  # the kinds are fixed, and no right to read CRDs or namespaces is needed
    settings.posting.enabled = False
    settings.watching.initial_streaming = True
    settings.watching.connect_timeout = 5
    for each in foreign:
        if each.label is not None:
            settings.watching.label_selectors[each.resource.plural] = each.label
    settings.networking.request_timeout = 30
    settings.networking.connect_timeout = 5
    # Kopf keeps a task for each object until it has been idle that long: 10,000 of them at a start.
    settings.queueing.idle_timeout = IDLE_SECONDS
    settings.persistence.diffbase_storage = _NoEssence()
    settings.persistence.finalizer = FINALIZER + "-kopf"  # never set; its default would be looked for and removed
    settings.process.ultimate_exiting_timeout = None
    return settings


def _registry(
    kinds: Sequence[Kind[Any]], foreign: Sequence[Foreign], intake: Intake, api: ApiClient
) -> kopf.OperatorRegistry:
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry)
    async def login(**_: Any) -> kopf.AiohttpSession:
        return kopf.AiohttpSession(server=api.access.server, aiohttp_session=api.watches())

    for kind in kinds:
        _observe(registry, kind.name, kind.plural, intake)
    for each in foreign:
        _observe_foreign(registry, each, intake)
    return registry


def _end_together(registry: kopf.OperatorRegistry, stop: asyncio.Event) -> None:
    """End all watches when one fails for good.

    Kopf cancels what each of them waits on together with the watch itself, which takes that as a pause and continues:
    Kopf would wait for it forever, and the operator would notice nothing.
    """

    @kopf.on.cleanup(registry=registry, id="end-together")
    async def end(**_: Any) -> None:
        left = [task for task in asyncio.all_tasks() if task.get_name().startswith(WATCHER)]
        if left and not stop.is_set():
            for task in left:
                task.cancel()
            await asyncio.wait(left)


def _observe(registry: kopf.OperatorRegistry, kind: str, plural: str, intake: Intake) -> None:
    @kopf.on.event(GROUP, VERSION, plural, registry=registry, id=f"observe-{plural}")
    async def observe(type: str | None, body: kopf.Body, **_: Any) -> None:  # noqa: A002 -- Kopf's name for it
        intake.event(kind)
        if type == "DELETED":
            intake.lost(Key.of(kind, body), body["metadata"]["uid"])
        else:
            # Each access to Kopf's view of an object is slow.
            intake.saw(kind, dict(body), initial=type is None)


def _observe_foreign(registry: kopf.OperatorRegistry, foreign: Foreign, intake: Intake) -> None:
    resource = foreign.resource

    @kopf.on.event(
        resource.group, resource.version, resource.plural, registry=registry, id=f"observe-{resource.plural}"
    )
    async def observe(type: str | None, body: kopf.Body, **_: Any) -> None:  # noqa: A002 -- Kopf's name for it
        intake.event(resource.kind)
        if type == "DELETED":
            intake.lost_foreign(Key.of(resource.kind, body))
        else:
            intake.saw_foreign(foreign, dict(body))
