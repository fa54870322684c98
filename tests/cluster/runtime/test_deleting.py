"""The end of a resource: what was done for it is undone first, and a successor starts anew."""

import json

import pytest

from .conftest import Toys, eventually

FINALIZER = "twotier.dev/cleanup"


@pytest.fixture
def toys(attended: Toys) -> Toys:
    """Toys that nothing but a change brings to the operator's attention."""
    return attended


def test_a_deleted_toy_leaves_nothing(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    assert toys.get("a")["metadata"]["finalizers"] == [FINALIZER]

    toys.delete("a")

    assert toys.content("a") is None


def test_a_toy_for_which_nothing_was_done_has_no_finalizer(toys: Toys) -> None:
    toys.apply("a", ends="stalled")
    toys.await_condition("a", "False", "SourceRefused")

    assert "finalizers" not in toys.get("a")["metadata"]
    toys.delete("a")
    assert not toys.exists("a")


def test_a_deletion_waits_and_says_for_what(toys: Toys) -> None:
    toys.apply("a", text="unsinkable")
    toys.await_condition("a", "True", "Applied")

    toys.delete("a", wait=False)
    toys.await_condition("a", "True", "Terminating", "Reconciling")
    assert toys.condition("a") == ("True", "Applied")
    assert ("Terminating", "Write another text first") in toys.events("a")

    toys.apply("a", text="sinkable")
    eventually(lambda: not toys.exists("a"), "a is gone")
    assert toys.content("a") is None


def test_a_suspended_toy_is_deleted_all_the_same(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    toys.apply("a", text="hello", suspend=True)
    toys.await_condition("a", "True", "Suspended")

    toys.delete("a")

    assert toys.content("a") is None


def test_a_toy_whose_spec_has_become_invalid_is_deleted_all_the_same(toys: Toys) -> None:
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    toys.apply("a", text="hello", size=11)
    toys.await_condition("a", "False", "InvalidSpec")

    toys.delete("a")

    assert toys.content("a") is None


def test_our_finalizer_is_taken_away_where_another_manager_owns_it_too(toys: Toys) -> None:
    toys.apply("a", {"finalizers": ["example.com/first", FINALIZER]}, text="hello")
    toys.await_condition("a", "True", "Applied")
    toys.delete("a", wait=False)
    eventually(lambda: toys.content("a") is None, "a is finalized")
    eventually(lambda: toys.get("a")["metadata"]["finalizers"] == ["example.com/first"], "our finalizer is gone")

    toys.run("patch", "toy", "a", "--type=merge", f"--patch={json.dumps({'metadata': {'finalizers': None}})}")

    eventually(lambda: not toys.exists("a"), "a is gone")


def test_a_toy_that_is_made_again_is_another_one(toys: Toys) -> None:
    for text in ("one", "two", "three"):
        toys.apply("a", text=text)
        toys.await_condition("a", "True", "Applied")
        assert toys.content("a") == text
        toys.delete("a")
        assert toys.content("a") is None
