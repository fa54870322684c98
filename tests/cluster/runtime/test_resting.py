"""Nothing is written that is there already, and nothing is lost while no operator runs."""

import json

import pytest

from .conftest import Operators, Toys, eventually


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


def test_a_toy_that_was_deleted_while_no_operator_ran_is_finished_later(toys: Toys, operators: Operators) -> None:
    first = operators.lead()
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    first.stop()
    toys.delete("a", wait=False)
    assert toys.content("a") == "hello"

    operators.lead()

    eventually(lambda: not toys.exists("a"), "a is gone")
    assert toys.content("a") is None


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
