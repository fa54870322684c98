"""What is seen of the cluster becomes work, in the right order and for the right resources."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Done
from twotier.runtime.queue import WorkQueue
from twotier.runtime.resource import Body, Key, Resource

MakeBody = Callable[..., dict[str, Any]]


class ToySpec(BaseModel):
    text: str = ""
    follows: str | None = None
    owns: str | None = None


def references(toy: Resource[ToySpec]) -> frozenset[Key]:
    named = {"Toy": toy.spec.follows, "Box": toy.spec.owns}
    return frozenset(Key(kind, toy.key.namespace, name) for kind, name in named.items() if name is not None)


def boxes(body: Body) -> frozenset[Key]:
    owned = body.get("spec", {}).get("owns")
    return frozenset() if owned is None else frozenset({Key("Box", body["metadata"]["namespace"], owned)})


async def reconcile(_: Resource[ToySpec]) -> Done:
    return Done("Applied", "")


@pytest.fixture
def queue() -> WorkQueue:
    return WorkQueue(lambda: 0.0, Backoff(lambda: 0.0), workers=1)


@pytest.fixture
def intake(queue: WorkQueue) -> Intake:
    """An intake that knows everything there is, which is nothing yet."""
    caches = Caches()
    caches.register(
        [
            Kind(
                name="Toy",
                plural="toys",
                spec=ToySpec,
                reconcile=reconcile,
                refers_to=references,
                exposes=lambda toy: toy.spec.text,
                claims=boxes,
            )
        ]
    )
    made = Intake(caches, queue, Metrics(CollectorRegistry()), lambda: 0.0)
    made.complete = True
    return made


def taken(queue: WorkQueue) -> list[str]:
    """Work the queue off, and return the names in their order."""

    async def work() -> list[str]:
        names = []
        while queue.depth:
            key = await queue.get()
            names.append(key.name)
            queue.finish(key)
        return names

    return asyncio.run(work())


def test_after_a_start_what_changed_meanwhile_goes_first(intake: Intake, queue: WorkQueue, body: MakeBody) -> None:
    intake.complete = False
    intake.saw("Toy", body("in-sync", status={"observedGeneration": 1}), initial=True)
    intake.saw("Toy", body("changed", status={"observedGeneration": 1}, generation=2), initial=True)
    intake.saw("Toy", body("new"), initial=True)

    assert taken(queue) == ["changed", "new", "in-sync"]


def test_an_edit_goes_before_those_whom_it_wakes(intake: Intake, queue: WorkQueue, body: MakeBody) -> None:
    intake.saw("Toy", body("follower", {"follows": "leader"}))
    intake.saw("Toy", body("bystander"))
    taken(queue)

    intake.saw("Toy", body("leader"))

    assert taken(queue) == ["leader", "follower"]


def test_while_everything_is_still_being_listed_nobody_is_woken(
    intake: Intake, queue: WorkQueue, body: MakeBody
) -> None:
    intake.saw("Toy", body("follower", {"follows": "leader"}))
    taken(queue)
    intake.complete = False

    intake.saw("Toy", body("leader"), initial=True)

    assert taken(queue) == ["leader"]


def test_the_end_of_a_resource_wakes_those_who_refer_to_it_and_drops_its_work(
    intake: Intake, queue: WorkQueue, body: MakeBody
) -> None:
    intake.saw("Toy", body("follower", {"follows": "leader"}))
    taken(queue)
    intake.saw("Toy", body("leader"))

    intake.lost(Key("Toy", "north", "leader"), "uid-leader")

    assert taken(queue) == ["follower"]


def test_what_a_vanished_resource_stood_for_is_free_for_the_others_who_want_it(
    intake: Intake, queue: WorkQueue, body: MakeBody
) -> None:
    intake.saw("Toy", body("older", {"owns": "box"}))
    intake.saw("Toy", body("younger", {"owns": "box"}))
    taken(queue)

    intake.lost(Key("Toy", "north", "older"))

    assert taken(queue) == ["younger"]


def test_so_it_is_when_the_spec_of_the_vanished_one_was_invalid(
    intake: Intake, queue: WorkQueue, body: MakeBody
) -> None:
    intake.saw("Toy", body("older", {"owns": "box", "text": 7}))
    intake.saw("Toy", body("younger", {"owns": "box"}))
    taken(queue)

    intake.lost(Key("Toy", "north", "older"))

    assert taken(queue) == ["younger"]


def test_the_late_news_of_a_predecessor_s_end_changes_nothing(intake: Intake, queue: WorkQueue, body: MakeBody) -> None:
    intake.saw("Toy", body("a", uid="successor"))

    intake.lost(Key("Toy", "north", "a"), "predecessor")

    assert taken(queue) == ["a"]


def test_the_answer_to_an_own_write_is_taken_in(intake: Intake, queue: WorkQueue, body: MakeBody) -> None:
    intake.saw("Toy", body("a"))
    taken(queue)

    intake.answered("Toy", body("a", generation=2, version=9))

    assert taken(queue) == ["a"]


@pytest.mark.parametrize(
    "successor",
    [
        pytest.param([], id="and nothing has its name"),
        pytest.param(["successor"], id="and another one has its name"),
    ],
)
def test_the_late_answer_to_an_own_write_does_not_bring_back_what_has_vanished(
    intake: Intake, queue: WorkQueue, body: MakeBody, successor: list[str]
) -> None:
    intake.saw("Toy", body("a", uid="predecessor"))
    intake.lost(Key("Toy", "north", "a"), "predecessor")
    for uid in successor:
        intake.saw("Toy", body("a", uid=uid))
    taken(queue)

    intake.answered("Toy", body("a", uid="predecessor", generation=2, version=9))

    assert taken(queue) == []
