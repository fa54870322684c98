"""An operator with one toy kind, for tests of the runtime alone; its data plane is a folder with a file a resource.

A Toy writes its text, and the text of the toy it follows, into its file, and shows them in its status.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from twotier.runtime.api import ForbiddenError
from twotier.runtime.api_resource import CONFIG_MAPS
from twotier.runtime.cluster import Cluster
from twotier.runtime.foreign import Foreign
from twotier.runtime.kind import Kind
from twotier.runtime.operator import DataPlane, run
from twotier.runtime.outcome import Condition, Done, Stalled, Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import InvalidResource, Key, Resource
from twotier.runtime.settings import Settings

WORDS = Foreign(CONFIG_MAPS, lambda body: body.get("data"), label="twotier.dev/words")


class ToySpec(BaseModel):
    """What a toy is told to do."""

    text: str = ""
    size: int = Field(default=1, le=10)
    follows: str | None = None
    reads: str | None = None
    ends: Literal["done", "stalled", "waiting", "crashed", "forbidden"] = "done"


class Toys:
    """The toy kind's reconcile on a folder."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._folder = folder

    async def reconcile(self, toy: Resource[ToySpec]) -> Done:
        with (self._folder / "reconciles").open("a") as log:
            log.write(f"{toy.key.namespace}/{toy.key.name}\n")
        match toy.spec.ends:
            case "stalled":
                raise Stalled("SourceRefused", "Write another text")
            case "waiting":
                raise Waiting("SourceNotFound", "It will come", timedelta(seconds=0.2))
            case "crashed":
                raise RuntimeError("the password is hunter2")
            case "forbidden":
                raise ForbiddenError("the API server answered 403 Forbidden: User toy cannot get boxes")
        followed = await self._followed(toy)
        read = await self._read(toy)
        await self._cluster.hold(toy)
        await asyncio.to_thread(self._file(toy.key).write_text, f"{toy.spec.text}{followed}{read}")
        return Done(
            "Applied",
            "The toy is in its box",
            {"text": toy.spec.text, "followed": followed, "read": read, "epoch": self._cluster.epoch()},
            (Condition("Boxed", "True", "Applied", "It lies in the box"),),
        )

    async def finalize(self, toy: Resource[ToySpec] | InvalidResource) -> None:
        if isinstance(toy, Resource) and toy.spec.text == "unsinkable":
            raise Waiting("Unsinkable", "Write another text first", timedelta(seconds=0.2))
        self._file(toy.key).unlink(missing_ok=True)

    async def _followed(self, toy: Resource[ToySpec]) -> str:
        if toy.spec.follows is None:
            return ""
        found = await self._cluster.find(Key("Toy", toy.key.namespace, toy.spec.follows), ToySpec)
        if found is None:
            raise Waiting(CommonReason.DEPENDENCY_NOT_FOUND, f"Create Toy {toy.spec.follows}")
        return found.spec.text

    async def _read(self, toy: Resource[ToySpec]) -> str:
        if toy.spec.reads is None:
            return ""
        found = await self._cluster.api.get(CONFIG_MAPS, toy.key.namespace, toy.spec.reads)
        return "" if found is None else str(found["data"]["text"])

    def _file(self, key: Key) -> Path:
        return self._folder / f"{key.namespace}.{key.name}"


def references(toy: Resource[ToySpec]) -> frozenset[Key]:
    named = {"Toy": toy.spec.follows, "ConfigMap": toy.spec.reads}
    return frozenset(Key(kind, toy.key.namespace, name) for kind, name in named.items() if name is not None)


def main() -> int:
    folder = Path(os.environ["TOY_FOLDER"])

    def make_kinds(cluster: Cluster) -> Sequence[Kind[Any]]:
        toys = Toys(cluster, folder)
        return [
            Kind(
                name="Toy",
                plural=os.environ.get("TOY_PLURAL", "toys"),
                spec=ToySpec,
                reconcile=toys.reconcile,
                condition_types=("Boxed",),
                follows=(WORDS,),
                refers_to=references,
                exposes=lambda toy: toy.spec.text,
                finalize=toys.finalize,
            )
        ]

    async def raise_epoch() -> int:
        counter = folder / "epoch"
        epoch = int(counter.read_text()) + 1 if counter.exists() else 1
        counter.write_text(str(epoch))
        return epoch

    return run(make_kinds, Settings.from_environment(os.environ), DataPlane(raise_epoch))


if __name__ == "__main__":
    sys.exit(main())
