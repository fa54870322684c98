"""What a kind may do in the cluster while it reconciles."""

from collections.abc import Callable, Mapping
from typing import Any

from twotier.runtime.api import RECORD_MANAGER, ApiClient, ConflictError, NotFoundError
from twotier.runtime.caches import Caches
from twotier.runtime.downloads import Downloads
from twotier.runtime.hosts import Hosts
from twotier.runtime.intake import Intake
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import FINALIZER, AnyResource, InvalidResource, Key, Resource, Spec, observe


class Cluster:
    """The resources of the cluster, and the leadership under which they are reconciled.

    Attributes:
        api: for what is not ours, such as ConfigMaps and Secrets.
        downloads: of files that the cluster serves outside its API.
        epoch: the number of the current leadership, which fences the data plane.

    Args:
        hosts: the servers that files are fetched from.
    """

    def __init__(self, api: ApiClient, caches: Caches, intake: Intake, epoch: Callable[[], int], hosts: Hosts) -> None:
        self.api = api
        self.downloads = Downloads(hosts, intake.resume)
        self.epoch = epoch
        self._caches = caches
        self._intake = intake

    async def find(self, key: Key, spec: type[Spec]) -> Resource[Spec] | None:
        """Return a resource that another one refers to, or None if it does not exist in the API server now.

        Args:
            spec: the model of the kind that the key names.

        Raises:
            Waiting: it exists, but its spec is invalid.
        """
        found = self._caches.get(key) or await self._fetch(key, spec)
        if isinstance(found, InvalidResource):
            raise Waiting(CommonReason.DEPENDENCY_NOT_READY, f"{key} has an invalid spec; correct it: {found.fault}")
        return found

    def claimants(self, claim: Key) -> tuple[AnyResource, ...]:
        """Return the resources that claim the same name, oldest first, including those with an invalid spec."""
        return self._caches.claimants(claim)

    def wake(self, key: Key) -> None:
        """Reconcile everything that refers to a key, because something changed that the cluster does not show."""
        self._intake.wake_dependents(key)

    def resume(self, key: Key) -> bool:
        """Reconcile a resource again because what it waits for is here; return whether it still exists and waits."""
        return self._intake.resume(key)

    async def hold(self, resource: Resource[Any]) -> None:
        """Put our finalizer on a resource; call this just before the first row is written for it.

        Raises:
            Waiting: the resource has vanished in the meantime.
        """
        if FINALIZER in resource.finalizers:
            return
        kind = self._caches.kind(resource.key.kind)
        try:
            answer = await self.api.add_finalizer(kind.api_resource, resource.key, resource.uid)
        except ConflictError as conflict:
            raise Waiting(
                CommonReason.PROGRESSING, "It was deleted, or created again, while it was being reconciled"
            ) from conflict
        self._intake.answered(kind.name, answer)

    async def record(self, resource: Resource[Any], fields: Mapping[str, Any]) -> None:
        """Write fields into a status before anything relies on them; a report that leaves them out takes none away.

        Raises:
            Waiting: the resource has vanished in the meantime.
        """
        kind = self._caches.kind(resource.key.kind)
        try:
            answer = await self.api.apply_status(
                kind.api_resource, resource.key, resource.uid, fields, manager=RECORD_MANAGER
            )
        except (NotFoundError, ConflictError) as gone:
            raise Waiting(
                CommonReason.PROGRESSING, f"{resource.key} was deleted, or created again, while it was being reconciled"
            ) from gone
        self._intake.answered(kind.name, answer)

    async def _fetch(self, key: Key, spec: type[Spec]) -> Resource[Spec] | InvalidResource | None:
        kind = self._caches.kind(key.kind)
        body = await self.api.get(kind.api_resource, key.namespace, key.name)
        return None if body is None else observe(kind.name, spec, body)
