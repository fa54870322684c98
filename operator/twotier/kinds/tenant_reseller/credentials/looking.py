"""When to look whether a Secret is still there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.runtime.resource import Resource

LOOK_AGAIN: Final = timedelta(minutes=5)


class SecretLooks:
    """When each tenant's Secret is to be looked at again, which nobody tells us of when a person deletes it.

    To watch Secrets would be to read all of them. The first look at a tenant leaves its Secret alone, so that a restart
    asks the API server nothing; a look that a person asks for does not.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._due: dict[str, datetime] = {}

    def is_due(self, resource: Resource[TenantResellerSpec]) -> bool:
        """Tell whether to look at the Secret now; if so, the next look is due later."""
        now = self._clock()
        asked = resource.requested_at not in (None, resource.status.get("lastHandledReconcileAt"))
        due = asked or self._due.get(resource.uid, now + LOOK_AGAIN) <= now
        if due or resource.uid not in self._due:
            self._due[resource.uid] = now + LOOK_AGAIN
        return due

    def forget(self, resource: Resource[TenantResellerSpec]) -> None:
        """Keep nothing of a tenant that is deleted."""
        self._due.pop(resource.uid, None)
