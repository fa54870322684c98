"""Kopf, and no more of it than its watches: they fill the caches, and everything else is ours."""

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
"""How the names of Kopf's tasks begin that watch something."""


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


# Kopf imports every Kubernetes client that it finds, which it then does not need here: 30 MB and 1.6 s for nothing.
with _hidden(*CLIENTS):
    import kopf


class _NoEssence(kopf.DiffBaseStorage):
    """Spares Kopf the copy of every object that its change handlers, which we have none of, would compare."""

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
    """Watch the kinds, and what they follow that every cluster has, until told to stop.

    Tasks that begin after this one are taken for Kopf's own and cancelled when it ends. Whatever ends a watch for good,
    such as a definition that is deleted, ends all and is raised.

    Args:
        namespaces: to watch; none stands for all.
        stop: ends the watches.
        started: is set when Kopf has taken over the process's signals, which it cannot be kept from.
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
    """Return how Kopf is to watch, types that are not ours among the rest."""
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
    # Kopf keeps a task for each object until it was idle that long: 10,000 of them at a start.
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

    Kopf cancels what each of them waits on together with the watch itself, which takes that for a pause and goes on:
    Kopf would wait for it for ever, and the operator be deaf.
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
            # Kopf's view of an object takes its time for each look into it.
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
