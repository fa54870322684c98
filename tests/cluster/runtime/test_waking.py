"""What makes the operator look at a resource again; nothing here is found by a sweep."""

import pytest

from .conftest import Toys, eventually


@pytest.fixture
def toys(attended: Toys) -> Toys:
    """Toys that nothing but a change brings to the operator's attention."""
    return attended


def test_a_change_of_what_a_toy_follows_wakes_it(toys: Toys) -> None:
    toys.apply("leader", text="one")
    toys.apply("a", text="and ", follows="leader")
    toys.await_condition("a", "True", "Applied")

    toys.apply("leader", text="two")

    eventually(lambda: toys.content("a") == "and two", "a has the new text")


def test_a_toy_waits_for_what_it_follows_and_comes_by_itself(toys: Toys) -> None:
    toys.apply("a", follows="leader")
    toys.await_condition("a", "False", "DependencyNotFound")
    toys.await_condition("a", "True", "ProgressingWithRetry", "Reconciling")
    assert toys.status("a")["observedGeneration"] == -1

    toys.apply("leader", text="one")

    toys.await_condition("a", "True", "Applied")
    assert toys.condition("a", "Reconciling") == ("", "")


def test_an_invalid_dependency_is_waited_for(toys: Toys) -> None:
    toys.apply("leader", size=4711)
    toys.apply("a", follows="leader")
    toys.await_condition("a", "False", "DependencyNotReady")

    toys.apply("leader", size=7)

    toys.await_condition("a", "True", "Applied")


def test_the_end_of_what_a_toy_follows_wakes_it(toys: Toys) -> None:
    toys.apply("leader", text="one")
    toys.apply("a", follows="leader")
    toys.await_condition("a", "True", "Applied")

    toys.delete("leader")

    toys.await_condition("a", "False", "DependencyNotFound")


def test_a_labelled_config_map_wakes_who_reads_it(toys: Toys) -> None:
    toys.run("create", "configmap", "words", "--from-literal=text=one")
    toys.run("label", "configmap", "words", "twotier.dev/words=")
    toys.apply("a", reads="words")
    toys.await_condition("a", "True", "Applied")

    toys.run("patch", "configmap", "words", "--type=merge", '--patch={"data":{"text":"two"}}')

    eventually(lambda: toys.content("a") == "two", "a has the new text")


def test_an_unlabelled_config_map_wakes_nobody_and_a_request_does(toys: Toys) -> None:
    toys.run("create", "configmap", "words", "--from-literal=text=one")
    toys.apply("a", reads="words")
    toys.await_condition("a", "True", "Applied")
    toys.run("patch", "configmap", "words", "--type=merge", '--patch={"data":{"text":"two"}}')
    toys.apply("b")
    toys.await_condition("b", "True", "Applied")
    assert toys.content("a") == "one", "b was created after the change, and is through"

    toys.run("annotate", "toy", "a", "reconcile.fluxcd.io/requestedAt=noon")

    eventually(lambda: toys.status("a").get("lastHandledReconcileAt") == "noon", "the request is acknowledged")
    assert toys.content("a") == "two"


def test_a_suspended_toy_rests_until_it_is_resumed(toys: Toys) -> None:
    toys.apply("a", text="one")
    toys.await_condition("a", "True", "Applied")

    toys.apply("a", text="two", suspend=True)
    toys.await_condition("a", "True", "Suspended")
    assert (toys.status("a")["observedGeneration"], toys.content("a")) == (2, "one")

    toys.apply("a", text="two", suspend=False)
    toys.await_condition("a", "True", "Applied")
    assert toys.content("a") == "two"


def test_a_stalled_toy_is_not_tried_again_and_a_waiting_one_is(toys: Toys) -> None:
    toys.apply("stalled", ends="stalled")
    toys.await_condition("stalled", "False", "SourceRefused")
    toys.apply("waiting", ends="waiting")

    toys.await_more_reconciles("waiting", 5)

    assert toys.reconciles("stalled") == 1


def test_a_stalled_toy_is_tried_again_when_its_spec_changes(toys: Toys) -> None:
    toys.apply("a", ends="stalled")
    toys.await_condition("a", "True", "SourceRefused", "Stalled")

    toys.apply("a", ends="done")

    toys.await_condition("a", "True", "Applied")
    assert toys.condition("a", "Stalled") == ("", "")
