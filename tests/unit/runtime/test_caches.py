"""What a newer sight of a resource means, and who refers to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, Field

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.caches import Caches, Change
from twotier.runtime.foreign import Foreign
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done
from twotier.runtime.resource import InvalidResource, Key, Resource, observe

A, B, C = (Key("Toy", "north", name) for name in "abc")
OWN = Change(own=True, exposed=False)
EXPOSED = Change(own=False, exposed=True)
BOTH = Change(own=True, exposed=True)
NEITHER = Change(own=False, exposed=False)
NOTES = Foreign(ApiResource("notes.example", "v1", "notes", "Note"), lambda body: body["text"])

MakeBody = Callable[..., dict[str, Any]]


class ToySpec(BaseModel):
    text: str = ""
    size: int = Field(default=1, le=10)
    follows: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()


async def reconcile(_: Resource[ToySpec]) -> Done:
    return Done("Applied", "")


@pytest.fixture
def caches() -> Caches:
    known = Caches()
    known.register(
        [
            Kind(
                name="Toy",
                plural="toys",
                spec=ToySpec,
                reconcile=reconcile,
                refers_to=lambda toy: frozenset(
                    {Key("Toy", toy.key.namespace, name) for name in toy.spec.follows}
                    | {Key("Box", toy.key.namespace, name) for name in toy.spec.owns}
                ),
                exposes=lambda toy: (toy.spec.text, toy.status.get("head")),
                claims=lambda body: frozenset(Key("Box", "north", name) for name in body["spec"].get("owns", ())),
            )
        ]
    )
    return known


@pytest.mark.parametrize(
    ("later", "change"),
    [
        pytest.param({}, NEITHER, id="the same again means nothing"),
        pytest.param({"status": {"rows": 1}}, NEITHER, id="the echo of a status means nothing"),
        pytest.param({"status": {"head": 1}}, EXPOSED, id="a status that others look at wakes them alone"),
        pytest.param({"finalizers": ["twotier.dev/cleanup"]}, NEITHER, id="our finalizer means nothing"),
        pytest.param({"labels": {"a": "b"}}, NEITHER, id="a label means nothing"),
        pytest.param({"generation": 2}, OWN, id="a change of the spec wakes the resource"),
        pytest.param({"generation": 2, "spec": {"text": "x"}}, BOTH, id="one that others look at wakes them too"),
        pytest.param({"generation": 2, "spec": {"size": 11}}, BOTH, id="one that makes the spec invalid wakes all"),
        pytest.param(
            {"annotations": {"reconcile.fluxcd.io/requestedAt": "now"}}, OWN, id="a request wakes the resource"
        ),
        pytest.param({"deletionTimestamp": "2026-11-02T00:00:00Z"}, BOTH, id="a deletion wakes all"),
        pytest.param({"uid": "another"}, BOTH, id="a successor of the same name wakes all"),
    ],
)
def test_a_later_sight(caches: Caches, body: MakeBody, later: dict[str, Any], change: Change) -> None:
    first = caches.remember("Toy", body())

    assert first == BOTH
    assert caches.remember("Toy", body(version=2, **later)) == change


def test_what_arrives_late_is_passed_over(caches: Caches, body: MakeBody) -> None:
    caches.remember("Toy", body(version=100, generation=2))

    assert caches.remember("Toy", body(version=99)) == NEITHER
    known = caches.get(A)
    assert known is not None
    assert known.generation == 2


@pytest.mark.parametrize(
    ("options", "metadata"),
    [
        pytest.param({"initial": True}, {}, id="a new list is believed, as after a restored backup"),
        pytest.param({}, {"uid": "another"}, id="so is another resource of the same name"),
    ],
)
def test_a_lower_version(caches: Caches, body: MakeBody, options: dict[str, bool], metadata: dict[str, str]) -> None:
    caches.remember("Toy", body(version=100))

    assert caches.remember("Toy", body(version=2, generation=7, **metadata), **options).own


def test_references_lead_back_whether_or_not_there_is_a_resource(caches: Caches, body: MakeBody) -> None:
    caches.remember("Toy", body("a", {"follows": ["b", "c"]}))
    caches.remember("Toy", body("b", {"follows": ["c"]}))

    assert [sorted(caches.dependents(key)) for key in (A, B, C)] == [[], [A], [A, B]]


def test_a_reference_ends_with_the_spec_or_the_resource_that_made_it(caches: Caches, body: MakeBody) -> None:
    caches.remember("Toy", body("a", {"follows": ["c"]}))
    caches.remember("Toy", body("b", {"follows": ["c"]}))
    caches.remember("Toy", body("a", {"follows": ["b"]}, version=2))
    caches.forget(B)

    assert [sorted(caches.dependents(key)) for key in (B, C)] == [[A], []]


def test_the_end_of_a_predecessor_leaves_its_successor(caches: Caches, body: MakeBody) -> None:
    caches.remember("Toy", body(uid="successor"))

    assert not caches.forget(A, "predecessor")
    assert caches.get(A) is not None
    assert caches.forget(A, "successor")
    assert caches.get(A) is None
    assert not caches.forget(A)


def test_an_invalid_spec_is_kept_with_its_fault_and_without_its_value(caches: Caches, body: MakeBody) -> None:
    caches.remember("Toy", body(spec={"size": 4711, "suspend": True}))

    known = caches.get(A)
    assert isinstance(known, InvalidResource)
    assert known.fault == "spec.size: Input should be less than or equal to 10"
    assert known.suspended


def note(text: str, **metadata: str) -> dict[str, Any]:
    return {"metadata": {"namespace": "north", "name": "a", **metadata}, "text": text}


def test_an_object_of_others_is_new_when_its_content_is(caches: Caches) -> None:
    key = Key("Note", "north", "a")

    assert caches.remember_foreign(NOTES, note("1")) == (key, True)
    assert caches.remember_foreign(NOTES, note("1", resourceVersion="2")) == (key, False)
    assert caches.remember_foreign(NOTES, note("2")) == (key, True)
    assert caches.keys("Note") == {key}
    caches.forget_foreign(key)
    assert caches.keys("Note") == frozenset()


@pytest.mark.parametrize(
    ("spec", "status", "metadata"),
    [
        pytest.param({}, {}, {}, id="a bare one"),
        pytest.param(
            {"text": "Größe", "follows": ["b"], "suspend": True, "unknown": 1},
            {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]},
            {
                "annotations": {"reconcile.fluxcd.io/requestedAt": "noon", "other": "x"},
                "finalizers": ["twotier.dev/cleanup"],
                "deletionTimestamp": "2026-11-02T00:00:00Z",
                "managedFields": [{"manager": "kubectl"}],
            },
            id="one with everything",
        ),
        pytest.param({"size": 11}, {}, {}, id="an invalid one"),
    ],
)
def test_what_is_remembered_is_what_was_seen(
    caches: Caches, body: MakeBody, spec: dict[str, Any], status: dict[str, Any], metadata: dict[str, Any]
) -> None:
    seen = body("a", spec, status, **metadata)

    caches.remember("Toy", seen)

    assert caches.get(A) == observe("Toy", ToySpec, seen)


def test_resources_that_stand_for_the_same_are_found_oldest_first_also_one_whose_spec_became_invalid(
    caches: Caches, body: MakeBody
) -> None:
    caches.remember("Toy", body("c", {"owns": ["box"]}, creationTimestamp="2026-11-03T08:00:00Z"))
    caches.remember("Toy", body("a", {"owns": ["box"]}, creationTimestamp="2026-11-01T08:00:00Z"))
    caches.remember("Toy", body("b", {"owns": ["other"]}, creationTimestamp="2026-11-02T08:00:00Z"))
    assert [each.key for each in caches.claimants(Key("Box", "north", "box"))] == [A, C]

    invalid = body("a", {"owns": ["box"], "size": 11}, creationTimestamp="2026-11-01T08:00:00Z", version=2)
    caches.remember("Toy", invalid)

    assert [(each.key, type(each)) for each in caches.claimants(Key("Box", "north", "box"))] == [
        (A, InvalidResource),
        (C, Resource),
    ]
