"""A round: several chains of edits side by side under faults, an end in peace, and a look at what came of it."""

import contextlib
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from kubernetes import client
from tests import resources
from tests.chaos.edits import RIVAL, Chain, Edit, Target, chain_edits, parting_mistakes, target_of
from tests.chaos.faults import FAULTS, Strike, strikes
from tests.chaos.oracle import STATUS, broken_laws, differences, left_behind, picture
from tests.chaos.report import LAST_EDITS, Tally, Violation
from tests.chaos.world import CLUSTER_AWAY, Log, World, is_away
from tests.resources import NO_FINALIZERS, Object
from tests.shop import Shop
from tests.waiting import within

from twotier.runtime.resource import GROUP, VERSION

PATIENCE_SECONDS: Final = 60.0
SETTLING_SECONDS: Final = 15.0
NO_EFFECT: Final = frozenset({"BackorderPolicy", "ResellerUpgrade", "ConfigMap"})

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much a round is."""

    chains: int = 4
    edits: int = 120
    faults: int = len(FAULTS)


@dataclass
class Scene:
    """A namespace, its chain, and what was done in it."""

    shop: Shop
    chain: Chain
    edits: Iterator[Edit]
    done: dict[Target, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting: deque[Edit] = field(default_factory=deque)

    @property
    def where(self) -> str:
        """The name of the namespace."""
        return self.shop.namespace

    def deliver(self, count: Callable[[Edit, bool], None]) -> None:
        """Do what is waiting to be done, in order, as far as the API server can be reached."""
        while self.waiting:
            try:
                refused = not _do(self.shop, self.waiting[0])
            except CLUSTER_AWAY:
                return
            except client.ApiException as error:
                if not is_away(error.status):
                    raise
                return
            edit = self.waiting.popleft()
            self.done[edit.target].append(edit.what)
            count(edit, refused)

    def last_edits(self, what: str) -> tuple[str, ...]:
        """Return what was last done to the resource that some words begin with, or else to all."""
        for (kind, name), done in self.done.items():
            if what.startswith(f"{kind} {name}"):
                return tuple(done[-LAST_EDITS:])
        return tuple(each for done in self.done.values() for each in done[-1:])


class Round:
    """One round, from its first declaration to the end of its namespaces."""

    def __init__(self, world: World, log: Log, tally: Tally, *, seed: str, size: Size, say: Say) -> None:
        self._world = world
        self._log = log
        self._tally = tally
        self._random = Random(seed)
        self._size = size
        self._say = say
        self._seed = seed
        self._struck: dict[Strike, float] = {}
        self._names: list[str] = []

    def play(self) -> None:
        """Play all of it; what is not as it should be is in the tally."""
        scenes = [self._scene(f"chaos-{self._seed}-{number}") for number in range(self._size.chains)]
        for scene in scenes:
            scene.shop.apply(*scene.chain.begin())
        for scene in scenes:
            self._wait_for_rest(scene, scene.chain.valid.values(), "at its beginning")
        self._chaos(scenes)
        self._compare(scenes, self._peace(scenes))
        self._part(scenes)

    def _scene(self, namespace: str) -> Scene:
        chain = Chain(f"{namespace}.example.com")
        return Scene(self._world.shop(namespace), chain, chain_edits(chain, Random(f"{self._seed} {namespace}")))

    # Chaos

    def _chaos(self, scenes: Sequence[Scene]) -> None:
        usable = [fault for fault in FAULTS if fault.can_be_had(self._world)]
        coming = deque(strikes(self._random, self._size.edits, self._size.faults, usable))
        with self._world.impatient():
            for number in range(self._size.edits):
                self._mend(lambda strike: strike.until <= number and self._has_lasted(strike))  # noqa: B023 -- used in this round
                while coming and coming[0].at <= number:
                    self._strike(coming.popleft())
                scene = self._random.choice(scenes)
                edit = next(scene.edits)
                scene.waiting.append(edit)
                self._tally.edits_under.update(strike.fault.name for strike in self._struck)
                self._deliver([scene])
                self._look_at_log()
                time.sleep(edit.pause)
            self._mend_all(lambda _: True)
        self._world.revive_cluster()
        self._world.revive_database()
        self._deliver(scenes)
        self._look_at_log()
        self._say(f"  all {self._size.edits} edits made, all faults mended")

    def _deliver(self, scenes: Iterable[Scene]) -> None:
        for scene in scenes:
            scene.deliver(lambda edit, refused: self._tally.count_edit(edit, refused=refused))

    def _strike(self, strike: Strike) -> None:
        self._mend_all(lambda other: other.fault.place == strike.fault.place)
        self._say(f"  before edit {strike.at}: {strike.fault.name}")
        strike.fault.strike(self._world)
        self._struck[strike] = time.monotonic()
        self._tally.faults[strike.fault.name] += 1
        self._names.append(strike.fault.name)

    def _has_lasted(self, strike: Strike) -> bool:
        return time.monotonic() - self._struck[strike] >= strike.fault.lasts

    def _mend_all(self, which: Callable[[Strike], bool]) -> None:
        """Mend those faults, once each has lasted."""
        while any(which(strike) for strike in self._struck):
            self._mend(lambda strike: which(strike) and self._has_lasted(strike))
            time.sleep(0.05)

    def _mend(self, which: Callable[[Strike], bool]) -> None:
        for strike in [each for each in self._struck if which(each)]:
            strike.fault.mend(self._world)
            del self._struck[strike]

    def _look_at_log(self) -> None:
        for doing, raised in self._log.unexpected():
            self._violate(
                Violation("the operators", doing, raised, "no error but those foreseen", (), tuple(self._names[-3:]))
            )

    # Peace

    def _peace(self, scenes: Sequence[Scene]) -> Sequence[Shop]:
        """Bring all chains to their ends, and declare the same elsewhere, once, to operators without a past."""
        self._finish_deletions(scenes)
        for scene in scenes:
            scene.shop.apply(*scene.chain.ending())
        for scene in scenes:
            self._wait_for_rest(scene, scene.chain.ending(), "at its end")
        self._say("  at rest")
        self._look_at_log()
        self._world.restart_operators()
        shops = [self._world.shop(peaceful(scene.where)) for scene in scenes]
        for scene, shop in zip(scenes, shops, strict=True):
            shop.apply(*_moved(scene, shop))
        for scene, shop in zip(scenes, shops, strict=True):
            self._wait_for_rest(Scene(shop, scene.chain, iter(())), _moved(scene, shop), "in peace")
        self._say("  declared in peace")
        return shops

    def _finish_deletions(self, scenes: Sequence[Scene]) -> None:
        for scene in scenes:
            resources.delete(scene.shop.kubernetes, scene.where, *RIVAL)

        def stuck(scene: Scene) -> list[Target]:
            return [each for each, found in _ours(scene.shop) if "deletionTimestamp" in found["metadata"]]

        _within(PATIENCE_SECONDS, lambda: not any(stuck(scene) for scene in scenes))
        for scene in scenes:
            for target in stuck(scene):
                what = f"{' '.join(target)} is not deleted"
                self._tell(scene, what, _shown(scene.shop, target), "gone, with what the operator keeps of it")
                self._let_go(scene.shop, target)

    def _wait_for_rest(self, scene: Scene, declared: Iterable[Object], when: str) -> None:
        """Wait until all is as declared; a person answers what is held or planned, and takes the answers back."""
        declared = list(declared)

        def restless() -> list[Target]:
            return [target_of(each) for each in declared if not _at_rest(scene.shop, each)]

        def is_at_rest() -> bool:
            for each in declared:
                _answer(scene.shop, each)
            return not restless()

        if _within(PATIENCE_SECONDS, is_at_rest):
            scene.shop.apply(*declared)
            _within(PATIENCE_SECONDS, lambda: not restless())
        for target in restless():
            what = f"{' '.join(target)} does not become what is declared {when}"
            self._tell(scene, what, _shown(scene.shop, target), "Ready and up to date")

    # Judgement

    def _compare(self, scenes: Sequence[Scene], shops: Sequence[Shop]) -> None:
        for scene, shop in zip(scenes, shops, strict=True):
            for what, (found, expected) in _lasting_differences(scene, shop).items():
                self._tell(scene, what, str(found), str(expected))
        for law, row in broken_laws(scenes[0].shop):
            self._violate(Violation("the database", f"not so: {law}", row, "no such row", (), self._under))
        self._look_at_log()

    def _part(self, scenes: Sequence[Scene]) -> None:
        """Delete the namespaces with all that is in them; a last mistake must not keep anything."""
        for scene in scenes:
            scene.waiting.extend(parting_mistakes(scene.chain, self._random))
        self._deliver(scenes)
        names = [place for scene in scenes for place in (scene.where, peaceful(scene.where))]
        self._world.control_plane.cluster.run("delete", "namespace", *names, "--wait=false")
        _within(PATIENCE_SECONDS, lambda: not any(_exists(self._world, name) for name in names))
        for scene in scenes:
            kept = _ours(scene.shop)
            for target, _ in kept:
                self._tell(
                    scene, f"{' '.join(target)} is not deleted with its namespace", _shown(scene.shop, target), "gone"
                )
                self._let_go(scene.shop, target)
            if not kept:
                for what, found in left_behind(scene.shop, scene.chain.policies()):
                    self._tell(scene, what, found, "what its deletion policy says")
        self._look_at_log()

    def _let_go(self, shop: Shop, target: Target) -> None:
        kind, name = target
        place = (GROUP, VERSION, shop.namespace, resources.plural(kind))
        with contextlib.suppress(client.ApiException):
            client.CustomObjectsApi(shop.kubernetes).patch_namespaced_custom_object(
                *place, name, NO_FINALIZERS, _content_type=resources.MERGE
            )

    def _tell(self, scene: Scene, what: str, found: str, expected: str) -> None:
        self._violate(Violation(scene.where, what, found, expected, scene.last_edits(what), self._under))

    @property
    def _under(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._names))

    def _violate(self, violation: Violation) -> None:
        self._tally.violations.append(violation)
        self._say(violation.told())


def peaceful(namespace: str) -> str:
    """Return the namespace where the same is declared in peace."""
    return namespace.replace("chaos", "peace")


def _lasting_differences(scene: Scene, shop: Shop) -> Mapping[str, tuple[object, object]]:
    """What differs between a chain's end and the same in peace, once nothing moves any more."""
    declared = scene.chain.ending()

    def found() -> Mapping[str, tuple[object, object]]:
        return differences(picture(scene.shop, declared), picture(shop, declared))

    _within(SETTLING_SECONDS, lambda: not found())
    return found()


def _do(shop: Shop, edit: Edit) -> bool:
    """Do what an edit says; return whether the API server took it."""
    try:
        if edit.declared is None:
            resources.delete(shop.kubernetes, shop.namespace, *edit.target)
        else:
            shop.apply(_answered(shop, edit))
    except client.ApiException as error:
        if is_away(error.status):
            raise
        return False
    return True


def _answered(shop: Shop, edit: Edit) -> Object:
    assert edit.declared is not None
    status = shop.status(*edit.target) if edit.answer else {}
    match edit.answer, status:
        case "held", {"held": {"digest": digest}}:
            return _with(edit.declared, acceptedDigest=digest)
        case "plan", {"plan": {"id": plan}}:
            return _with(edit.declared, approvedPlan=plan)
        case _:
            return edit.declared


def _with(declared: Object, **spec: object) -> Object:
    return declared | {"spec": declared["spec"] | spec}


def _answer(shop: Shop, declared: Object) -> None:
    """Accept what is held, and approve what is planned, of one resource."""
    kind, name = target_of(declared)
    if kind == "PriceList" and (held := shop.status(kind, name).get("held")):
        shop.apply(_with(declared, acceptedDigest=held["digest"]))
    if kind == "PriceListAssignment" and declared["spec"].get("approval") == "Manual":
        shown = shop.condition(kind, name, "UpToDate")
        plan = shop.status(kind, name).get("plan", {}).get("id")
        if plan and shown and shown.reason == "AwaitingApproval":
            shop.apply(_with(declared, approvedPlan=plan))


def _at_rest(shop: Shop, declared: Object) -> bool:
    kind, name = target_of(declared)
    if kind in NO_EFFECT:
        return True
    types = ("Ready", "UpToDate") if kind == "PriceListAssignment" else ("Ready",)
    found = [shop.condition(kind, name, type_) for type_ in types]
    return all(each is not None and each.status == "True" for each in found) and "held" not in shop.status(kind, name)


def _moved(scene: Scene, shop: Shop) -> Sequence[Object]:
    """What a chain ends with, for another namespace: no two distributors have the same base domain."""
    return [
        _with(each, baseDomain=f"{shop.namespace}.example.com") if each["kind"] == "Distributor" else each
        for each in scene.chain.ending()
    ]


def _ours(shop: Shop) -> Sequence[tuple[Target, Object]]:
    return [
        ((kind, found["metadata"]["name"]), found)
        for kind in STATUS
        for found in resources.all_of(shop.kubernetes, shop.namespace, kind)
    ]


def _shown(shop: Shop, target: Target) -> str:
    found = shop.get(*target)
    ready = [each for each in found.get("status", {}).get("conditions", ()) if each["type"] == "Ready"]
    return "; ".join(f"{each['status']} {each['reason']}: {each['message']}" for each in ready) or "no status"


def _exists(world: World, namespace: str) -> bool:
    found = client.CoreV1Api(world.kubernetes).list_namespace(field_selector=f"metadata.name={namespace}")
    return bool(found.items)


def _within(seconds: float, look: Callable[[], bool]) -> bool:
    """Wait until something holds, and tell whether it did; an API server that has just come back may still be slow."""

    def looked() -> bool:
        try:
            return look()
        except CLUSTER_AWAY:
            return False
        except client.ApiException as error:
            if not is_away(error.status):
                raise
            return False

    return within(seconds, looked)
