"""All resources as last seen, and their references."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from twotier.runtime.foreign import Foreign
from twotier.runtime.kind import Kind
from twotier.runtime.resource import AnyResource, Body, Key, Resource, observe, trim


@dataclass(frozen=True, slots=True)
class Change:
    """What a newer version of a resource means.

    Attributes:
        own: the resource itself has something new to reconcile.
        exposed: resources that refer to it see something new.
    """

    own: bool
    exposed: bool


UNCHANGED: Final = Change(own=False, exposed=False)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A resource at rest. A parsed one takes ten times the memory, and most are read once in ten minutes.

    Attributes:
        trigger: if it differs, there is something to reconcile; status, our finalizer and labels are not part of it.
        exposed: what other resources depend on.
        packed: the rest, as JSON.
    """

    uid: str
    version: int
    trigger: tuple[object, ...]
    exposed: object
    packed: bytes


class Caches:
    """Trimmed resources by key, with a reverse index of their references.

    Of foreign objects only a digest of their content is kept: it tells whether resources that refer to one must look
    again.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, Kind[Any]] = {}
        self._resources: dict[str, dict[Key, _Entry]] = {}
        self._digests: dict[Key, str] = {}
        self._references: dict[Key, frozenset[Key]] = {}
        self._dependents: defaultdict[Key, set[Key]] = defaultdict(set)

    def register(self, kinds: Iterable[Kind[Any]]) -> None:
        """Prepare for these kinds."""
        for kind in kinds:
            self._kinds[kind.name] = kind
            self._resources[kind.name] = {}

    def kind(self, name: str) -> Kind[Any]:
        """Return a registered kind by its name."""
        return self._kinds[name]

    def get(self, key: Key) -> AnyResource | None:
        """Return a resource as last seen."""
        entry = self._resources[key.kind].get(key)
        return None if entry is None else observe(key.kind, self._kinds[key.kind].spec, json.loads(entry.packed))

    def renewed(self, resource: AnyResource) -> AnyResource | None:
        """Return a resource as last seen, which is mostly unchanged; None if it has vanished."""
        entry = self._resources[resource.key.kind].get(resource.key)
        if entry is None or entry.uid != resource.uid:
            return None
        return resource if entry.version == resource.version else self.get(resource.key)

    def knows(self, key: Key, uid: str) -> bool:
        """Return whether this very resource exists, not another one of its name."""
        entry = self._resources[key.kind].get(key)
        return entry is not None and entry.uid == uid

    def keys(self, name: str) -> frozenset[Key]:
        """Return the keys of all resources of a kind, or of all watched foreign objects."""
        if name in self._resources:
            return frozenset(self._resources[name])
        return frozenset(key for key in self._digests if key.kind == name)

    def dependents(self, key: Key) -> frozenset[Key]:
        """Return the resources that refer to a key, whether or not a resource of that name exists."""
        return frozenset(self._dependents.get(key, ()))

    def claims(self, key: Key) -> frozenset[Key]:
        """Return the names that a resource claims, as last seen."""
        entry = self._resources[key.kind].get(key)
        return frozenset() if entry is None else self._kinds[key.kind].claims(json.loads(entry.packed))

    def claimants(self, claim: Key) -> tuple[AnyResource, ...]:
        """Return the resources that claim the same name, oldest first, including those with an invalid spec."""
        known = (self.get(key) for key in self.dependents(claim) if claim in self.claims(key))
        return tuple(sorted((each for each in known if each), key=lambda each: (each.created_at, each.uid)))

    def remember(self, name: str, body: Body, *, initial: bool = False) -> Change:
        """Take in an object as the API server shows it.

        Args:
            initial: it comes from a new list rather than from a change, and is accepted even if its version is lower,
                as after the cluster was restored from a backup.
        """
        kind = self._kinds[name]
        resource = observe(name, kind.spec, body)
        old, new = self._resources[name].get(resource.key), _entry(kind, resource, body)
        if old is not None and old.uid == new.uid and new.version < old.version and not initial:
            return UNCHANGED
        self._resources[name][resource.key] = new
        self._refer(resource.key, kind.refers_to(resource) if isinstance(resource, Resource) else kind.claims(body))
        return Change(own=old is None or old.trigger != new.trigger, exposed=old is None or old.exposed != new.exposed)

    def forget(self, key: Key, uid: str | None = None) -> bool:
        """Drop a resource that has vanished; return whether it was known.

        Args:
            uid: of the vanished one; a successor of the same name stays.
        """
        known = self._resources[key.kind].get(key)
        if known is None or (uid is not None and known.uid != uid):
            return False
        del self._resources[key.kind][key]
        self._refer(key, frozenset())
        return True

    def remember_foreign(self, foreign: Foreign, body: Body) -> tuple[Key, bool]:
        """Take in a foreign object; return its key, and whether its content is new."""
        key = Key.of(foreign.resource.kind, body)
        content = json.dumps(foreign.content(body), sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        changed = self._digests.get(key) != digest
        self._digests[key] = digest
        return key, changed

    def forget_foreign(self, key: Key) -> None:
        """Drop a foreign object that has vanished or lost its label."""
        self._digests.pop(key, None)

    def _refer(self, key: Key, references: frozenset[Key]) -> None:
        before = self._references.pop(key, frozenset())
        for gone in before - references:
            self._dependents[gone].discard(key)
            if not self._dependents[gone]:
                del self._dependents[gone]
        for added in references - before:
            self._dependents[added].add(key)
        if references:
            self._references[key] = references


def _entry(kind: Kind[Any], resource: AnyResource, body: Body) -> _Entry:
    # An invalid resource exposes its fault to others.
    shown = kind.exposes(resource) if isinstance(resource, Resource) else resource.fault
    return _Entry(
        uid=resource.uid,
        version=resource.version,
        trigger=(resource.uid, resource.generation, resource.deleting, resource.requested_at),
        exposed=(resource.uid, resource.deleting, shown),
        packed=json.dumps(trim(body), separators=(",", ":"), ensure_ascii=False).encode(),
    )
