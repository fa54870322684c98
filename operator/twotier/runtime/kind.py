"""What a resource kind gives to the runtime: its model, its reconcile, and its relations to other resources."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.foreign import Foreign
from twotier.runtime.outcome import Done
from twotier.runtime.resource import GROUP, VERSION, Body, InvalidResource, Key, Resource, Spec


def _nothing(_: object) -> Hashable:
    return None


def _nobody(_: object) -> frozenset[Key]:
    return frozenset()


@dataclass(frozen=True)
class Kind(Generic[Spec]):
    """One resource kind.

    Attributes:
        name: as in manifests, such as "Lighthouse".
        plural: as in URLs, such as "lighthouses".
        spec: the model of `spec`; fields it does not know are ignored.
        reconcile: observes, decides, applies and returns what to report.
            Raises Stalled, Waiting, or anything else for a bug or an outage.
        condition_types: the kind's own, in the order in which they are shown.
        measured: those that are metrics; every resource of the kind is read when metrics are collected.
        follows: foreign types whose objects a resource of this kind may refer to.
        refers_to: the keys whose change wakes a resource of this kind.
        exposes: what other resources depend on in a resource of this kind; they wake when it changes.
        claims: names that only one resource may have; resources that refer to one wake when it is released.
            Read from the object as the API server shows it, because one with an invalid spec claims them as well.
        finalize: undoes what a resource did before it vanishes, also when its spec has become invalid; called only
            while it has the finalizer, which `Cluster.hold` puts there. May raise as `reconcile` does. None for a kind
            without a finalizer.
    """

    name: str
    plural: str
    spec: type[Spec]
    reconcile: Callable[[Resource[Spec]], Awaitable[Done]]
    condition_types: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    follows: tuple[Foreign, ...] = ()
    refers_to: Callable[[Resource[Spec]], frozenset[Key]] = field(default=_nobody)
    exposes: Callable[[Resource[Spec]], Hashable] = field(default=_nothing)
    claims: Callable[[Body], frozenset[Key]] = field(default=_nobody)
    finalize: Callable[[Resource[Spec] | InvalidResource], Awaitable[None]] | None = None

    @property
    def api_resource(self) -> ApiResource:
        """As the API server names it."""
        return ApiResource(GROUP, VERSION, self.plural, self.name)


def followed(kinds: Iterable[Kind[Any]], *, optional: bool) -> tuple[Foreign, ...]:
    """Return the foreign types that these kinds follow, each once.

    Args:
        optional: those that a cluster may lack, or those that every cluster has.
    """
    found = dict.fromkeys(foreign for kind in kinds for foreign in kind.follows)
    return tuple(foreign for foreign in found if foreign.optional is optional)
