"""What a reconcile leaves in the status."""

import json

import pytest

from .conftest import Toys


@pytest.fixture
def toys(attended: Toys) -> Toys:
    """Toys that nothing but a change brings to the operator's attention."""
    return attended


def test_a_toy_becomes_ready(toys: Toys) -> None:
    toys.apply("a", text="hello")

    toys.run("wait", "toy/a", "--for=condition=Ready", "--timeout=30s")
    shown = toys.status("a")
    assert {field: shown[field] for field in ("text", "observedGeneration")} == {
        "text": "hello",
        "observedGeneration": 1,
    }
    assert [condition["type"] for condition in shown["conditions"]] == ["Boxed", "Ready"]
    assert toys.content("a") == "hello"
    assert toys.events("a") == [("Applied", "The toy is in its box")]


def test_a_changed_spec_is_reconciled_and_observed(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    since = toys.status("a")["conditions"][-1]["lastTransitionTime"]

    toys.apply("a", text="goodbye")

    toys.run("wait", "toy/a", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=30s")
    assert toys.content("a") == "goodbye"
    assert toys.status("a")["conditions"][-1]["lastTransitionTime"] == since


def test_an_invalid_spec_stalls_and_names_the_field(toys: Toys) -> None:
    toys.apply("a", size=4711)

    toys.await_condition("a", "True", "InvalidSpec", "Stalled")
    toys.await_condition("a", "False", "InvalidSpec")
    message = toys.status("a")["conditions"][-1]["message"]
    assert message == "Correct the spec: spec.size: Input should be less than or equal to 10"


def test_an_unexpected_error_is_shown_without_its_text(toys: Toys) -> None:
    toys.apply("a", ends="crashed")

    toys.await_condition("a", "False", "ReconcileFailed")
    everything = json.dumps([toys.get("a"), toys.events("a")])
    assert "RuntimeError; the operator retries; see the operator's log" in everything
    assert "hunter2" not in everything
    log = (toys.folder / "log-0").read_text(encoding="utf-8")
    assert "reconcile failed" in log
    assert '"locals"' not in log, "local variables hold tokens and passwords"


def test_a_right_that_the_operator_lacks_is_told_and_is_no_crash(toys: Toys) -> None:
    toys.apply("a", ends="forbidden")

    toys.await_condition("a", "False", "OperatorForbidden")
    assert "User toy cannot get boxes; if this lasts, apply the roles" in toys.status("a")["conditions"][-1]["message"]
    assert '"exc_type": "ForbiddenError"' not in (toys.folder / "log-0").read_text(encoding="utf-8")


def test_spec_and_annotations_stay_the_user_s(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")

    shown = toys.cluster.get("toy", "a", f"--namespace={toys.namespace}", "--show-managed-fields")
    owned = {
        entry["manager"]: sorted(entry["fieldsV1"]) + sorted(entry["fieldsV1"].get("f:metadata", {}))
        for entry in shown["metadata"]["managedFields"]
    }
    assert owned["twotier"] == ["f:status"]
    assert owned["twotier-finalizer"] == ["f:metadata", "f:finalizers"]
