"""When to check that a Secret still exists."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.runtime.resource import AnyResource, Resource

LOOK_AGAIN: Final = timedelta(minutes=5)


class SecretLooks:
    """When to check each tenant's Secret again: no event reports its deletion.

    Watching Secrets would mean reading all of them. The first look at a tenant ignores its Secret, so that a restart
    does not query the API server; a reconcile that a person requests does check it.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._due: dict[str, datetime] = {}

    def is_due(self, resource: Resource[TenantResellerSpec]) -> bool:
        """Return whether to check the Secret now; if so, the next check is due later."""
        now = self._clock()
        asked = resource.requested_at not in (None, resource.status.get("lastHandledReconcileAt"))
        due = asked or self._due.get(resource.uid, now + LOOK_AGAIN) <= now
        if due or resource.uid not in self._due:
            self._due[resource.uid] = now + LOOK_AGAIN
        return due

    def forget(self, resource: AnyResource) -> None:
        """Forget a deleted tenant."""
        self._due.pop(resource.uid, None)
