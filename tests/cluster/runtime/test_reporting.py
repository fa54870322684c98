"""What a reconcile leaves in the status, and that nothing is written that is there already."""

import json

import pytest

from .conftest import Operators, ToyOperator, Toys


@pytest.mark.usefixtures("operator")
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


@pytest.mark.usefixtures("sweeping")
def test_sweeps_over_a_steady_fleet_write_nothing(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.apply("b", ends="stalled")
    toys.apply("c", follows="nobody")
    toys.await_condition("a", "True", "Applied")
    toys.await_condition("b", "False", "SourceRefused")
    toys.await_condition("c", "False", "DependencyNotFound")
    before = ([toys.get(name)["metadata"]["resourceVersion"] for name in "abc"], toys.writes())

    for name in "abc":
        toys.await_more_reconciles(name)

    assert ([toys.get(name)["metadata"]["resourceVersion"] for name in "abc"], toys.writes()) == before


def test_a_restart_writes_nothing(toys: Toys, operators: Operators) -> None:
    first = operators.lead()
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    assert first.stop() == 0
    before = (toys.get("a")["metadata"]["resourceVersion"], toys.writes(), toys.reconciles("a"))

    # The toy shows the epoch of the data plane, which a new leader raises: it is put back to tell restarts alone.
    (toys.folder / "epoch").unlink()
    operators.lead()
    toys.await_more_reconciles("a", before[2] - toys.reconciles("a") + 1)

    assert (toys.get("a")["metadata"]["resourceVersion"], toys.writes()) == before[:2]


@pytest.mark.usefixtures("operator")
def test_a_changed_spec_is_reconciled_and_observed(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    since = toys.status("a")["conditions"][-1]["lastTransitionTime"]

    toys.apply("a", text="goodbye")

    toys.run("wait", "toy/a", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=30s")
    assert toys.content("a") == "goodbye"
    assert toys.status("a")["conditions"][-1]["lastTransitionTime"] == since


@pytest.mark.usefixtures("operator")
def test_an_invalid_spec_stalls_and_names_the_field(toys: Toys) -> None:
    toys.apply("a", size=4711)

    toys.await_condition("a", "True", "InvalidSpec", "Stalled")
    toys.await_condition("a", "False", "InvalidSpec")
    message = toys.status("a")["conditions"][-1]["message"]
    assert message == "Correct the spec: spec.size: Input should be less than or equal to 10"


def test_an_unexpected_error_is_shown_without_its_text(toys: Toys, operator: ToyOperator) -> None:
    toys.apply("a", ends="crashed")

    toys.await_condition("a", "False", "ReconcileFailed")
    everything = json.dumps([toys.get("a"), toys.events("a")])
    assert "RuntimeError, which is tried again; see the operator's log" in everything
    assert "hunter2" not in everything
    assert "reconcile failed" in operator.log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("sweeping")
def test_a_condition_of_another_controller_stays(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    foreign = {
        "apiVersion": "twotier.dev/v1alpha1",
        "kind": "Toy",
        "metadata": {"name": "a", "namespace": toys.namespace},
        "status": {"conditions": [{"type": "Audited", "status": "True", "reason": "Fine", "message": ""}]},
    }
    toys.cluster.run(
        *("apply", "--server-side", "--subresource=status", "--field-manager=auditor", "--filename=-"),
        standard_input=json.dumps(foreign),
    )
    before = toys.get("a")["metadata"]["resourceVersion"]

    toys.await_more_reconciles("a")
    assert toys.get("a")["metadata"]["resourceVersion"] == before

    toys.apply("a", text="goodbye")
    toys.run("wait", "toy/a", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=30s")
    assert toys.condition("a", "Audited") == ("True", "Fine")


@pytest.mark.usefixtures("operator")
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
