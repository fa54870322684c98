"""Two resources that declare one account: the older one has it, whatever becomes of its spec."""

from typing import Any

import pytest

from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.observe import account_key, claims, older_of
from twotier.runtime.resource import FINALIZER, AnyResource, InvalidResource, Resource, observe

EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def body(name: str = "contoso", created: str = EARLY, *, begun: bool = False, **spec: Any) -> dict[str, Any]:
    declared = {
        "distributor": "northwind",
        "account": {"number": "1", "name": "Contoso"},
        "edition": "Basic",
        "language": "en",
    }
    return {
        "metadata": {
            "namespace": "sales",
            "name": name,
            "uid": name,
            "resourceVersion": "1",
            "creationTimestamp": created,
            "finalizers": [FINALIZER] if begun else [],
        },
        "spec": declared | spec,
    }


def found(*arguments: Any, **keywords: Any) -> AnyResource:
    return observe("TenantReseller", TenantResellerSpec, body(*arguments, **keywords))


def valid(*arguments: Any, **keywords: Any) -> Resource[TenantResellerSpec]:
    resource = found(*arguments, **keywords)
    assert isinstance(resource, Resource)
    return resource


@pytest.mark.parametrize(
    ("other", "older"),
    [
        pytest.param(found("other", LATE), None, id="is its own when the other is younger"),
        pytest.param(found("other", EARLY), "other", id="is the other's when that is older"),
        pytest.param(found("other", EARLY, edition="None"), "other", id="is the other's although its spec is invalid"),
    ],
)
def test_the_account(other: AnyResource, older: str | None) -> None:
    resource = valid("contoso", "2026-01-01T12:00:00Z")
    assert older_of(resource, [resource, other]) == (None if older is None else f"TenantReseller sales/{older}")


def test_of_two_that_were_created_in_the_same_second_the_one_that_has_begun_is_the_older() -> None:
    begun, other = valid("begun", begun=True), valid("a-other")
    assert older_of(begun, [other, begun]) is None
    assert older_of(other, [other, begun]) == str(begun.key)


def test_an_account_is_read_from_an_invalid_spec_as_from_a_valid_one() -> None:
    assert isinstance(found(edition="None"), InvalidResource)
    assert claims(body(edition="None")) == claims(body()) == {account_key(valid())}


@pytest.mark.parametrize(
    "spec",
    [{"distributor": 7}, {"account": None}, {"account": {"number": 1}}],
    ids=["distributor", "account", "number"],
)
def test_what_cannot_be_read_is_no_account(spec: dict[str, Any]) -> None:
    assert claims(body(**spec)) == frozenset()
