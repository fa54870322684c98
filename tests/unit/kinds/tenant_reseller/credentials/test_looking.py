"""When a tenant's Secret is looked at, of whose deletion nobody tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

from twotier.kinds.tenant_reseller.credentials.looking import LOOK_AGAIN, SecretLooks
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.runtime.resource import Resource, observe


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


SPEC = {
    "distributor": "northwind",
    "account": {"number": "1", "name": "Contoso"},
    "edition": "Basic",
    "language": "en",
}


def tenant(requested: str | None = None, handled: str | None = None) -> Resource[TenantResellerSpec]:
    annotations: dict[str, Any] = {} if requested is None else {"reconcile.fluxcd.io/requestedAt": requested}
    found = observe(
        "TenantReseller",
        TenantResellerSpec,
        {
            "metadata": {
                "namespace": "sales",
                "name": "contoso",
                "uid": "1",
                "resourceVersion": "1",
                "creationTimestamp": "2026-01-01T00:00:00Z",
                "annotations": annotations,
            },
            "spec": SPEC,
            "status": {} if handled is None else {"lastHandledReconcileAt": handled},
        },
    )
    assert isinstance(found, Resource), found
    return found


def test_the_first_look_at_a_tenant_spares_his_secret_and_a_later_one_does_not() -> None:
    clock = Clock()
    looks = SecretLooks(clock)
    assert not looks.is_due(tenant())
    clock.pass_by(LOOK_AGAIN - timedelta(seconds=1))
    assert not looks.is_due(tenant())
    clock.pass_by(timedelta(seconds=1))
    assert looks.is_due(tenant())
    assert not looks.is_due(tenant())


def test_a_look_that_a_person_asks_for_is_due_at_once_and_once() -> None:
    looks = SecretLooks(Clock())
    assert looks.is_due(tenant(requested="now"))
    assert not looks.is_due(tenant(requested="now", handled="now"))
    assert looks.is_due(tenant(requested="again", handled="now"))


def test_a_tenant_who_was_forgotten_is_looked_at_as_if_for_the_first_time() -> None:
    clock = Clock()
    looks = SecretLooks(clock)
    looks.is_due(tenant())
    looks.forget(tenant())
    clock.pass_by(LOOK_AGAIN)
    assert not looks.is_due(tenant())
