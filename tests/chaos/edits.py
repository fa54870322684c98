"""What people declare, change, get wrong, delete and declare anew: chains of edits, and what is last valid of each.

Pure: the same seed gives the same chains. What an answer to a plan or to a hold says depends on what is planned or held
when it is given, so an edit only says that one is given.

Where a chain ends is a function of its last valid specs, or nothing could be compared. What is legitimately owed to the
history is therefore taken out of the specs that a chain ends with (`Chain.ending`): guards, which judge against the
head; pinned revisions, runs to restore and plans to approve, which name numbers and digests of a history; suspension
and `Never`, which leave things as they were; updates that write only a part. All is there at the end.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Literal

from tests.resources import Object
from tests.shop import assignment, config_map, csv, distributor, price_list, resource, tenant

Target = tuple[str, str]
"""Kind and name."""
Answer = Literal["plan", "held"]

TENANTS: Final = ("contoso", "fabrikam", "nadir")
LISTS: Final = ("retail", "packed", "paired")
"""Of one ConfigMap that changes in place, of two that are named with their digests, and inline."""
PAIR: Final = ("pair-a", "pair-b")
RIVAL: Final = ("TenantReseller", "rival")
AEGEAN: Final = ("Distributor", "aegean")
NOWHERE: Final = "Nowhere/Land"
"""A time zone as the schema sees it, and none to anybody else."""
UNKNOWN_DIGEST: Final = "sha256:" + 64 * "0"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that a person does.

    Attributes:
        what: the kind of edit, for the report.
        declared: what is applied; None for a deletion.
        answer: what is filled in from the status when it is applied.
        pause: seconds until the next edit.
    """

    what: str
    target: Target
    declared: Object | None
    answer: Answer | None = None
    pause: float = 0.0


@dataclass
class Chain:
    """The edits of one namespace: what is valid there by now, as the generator knows it.

    Attributes:
        domain: the base domain of the distributor, which no other may have.
    """

    domain: str
    valid: dict[Target, Object] = field(default_factory=dict)

    def begin(self) -> Sequence[Object]:
        """Return what is declared first, in an order in which it can be applied."""
        declared = (
            *(config_map(name, "paired", data={"prices.csv": _sheet(name, 0)}) for name in PAIR),
            config_map("sheet", "packed", data={"prices.csv": _sheet("PACKED", 0)}),
            distributor(baseDomain=self.domain),
            price_list(source={"inline": _sheet("ITEM", 0)}),
            price_list("packed", source={"configMaps": [{"name": "sheet"}]}),
            price_list("paired", source={"configMaps": [_named(name, _sheet(name, 0)) for name in PAIR]}),
            price_list("dollars", currency="USD"),
            *(tenant(name, deletionPolicy="Delete") for name in TENANTS),
            *(assignment(name) for name in TENANTS),
            resource("BackorderPolicy", "contoso", {"tenant": "contoso", "mode": "Shadow"}),
            resource("ResellerUpgrade", "contoso", {"tenant": "contoso", "account": "R-contoso"}),
        )
        self.valid = {target_of(each): each for each in declared}
        return declared

    def ending(self) -> Sequence[Object]:
        """Return the last valid specs, without what is owed to a history; see the module."""
        return tuple(map(_at_rest, self.valid.values()))

    def policies(self) -> Mapping[str, str]:
        """Return the last valid deletion policy of each account, by its number."""
        return {
            each["spec"]["account"]["number"]: each["spec"]["deletionPolicy"]
            for (kind, _), each in self.valid.items()
            if kind == "TenantReseller"
        }

    def edit(self, random: Random) -> Sequence[Edit]:
        """Return the next edit; several where one thing takes more than one."""
        (make,) = random.choices([each for each, _ in _EDITS], [weight for _, weight in _EDITS])
        return make(self, random)

    def change(self, what: str, target: Target, random: Random, **spec: object) -> Edit:
        """Change some fields of what is valid, for good."""
        known = self.valid[target]
        kept = {key: value for key, value in (known["spec"] | spec).items() if value is not None}
        self.valid[target] = known | {"spec": kept}
        return Edit(what, target, self.valid[target], pause=_pause(random))

    def mistake(self, what: str, target: Target, random: Random, **spec: object) -> Edit:
        """Change some fields in a way that is not valid, or not for long."""
        known = self.valid[target]
        kept = {key: value for key, value in (known["spec"] | spec).items() if value is not None}
        return Edit(what, target, known | {"spec": kept}, pause=_pause(random))


def chain_edits(chain: Chain, random: Random) -> Iterator[Edit]:
    """Give the edits of a chain, without end."""
    while True:
        yield from chain.edit(random)


def parting_mistakes(chain: Chain, random: Random) -> Sequence[Edit]:
    """Return what is got wrong last, before everything is deleted: a mistake must not keep anything from going."""
    return (
        chain.mistake("tenant with an unknown time zone", _tenant(random), random, timeZone=NOWHERE),
        chain.mistake("distributor with an unknown time zone", AEGEAN, random, timeZone=NOWHERE),
        chain.mistake("assignment of a list that is not there", _assignment(random), random, priceList="absent"),
    )


def target_of(declared: Object) -> Target:
    """Return kind and name of an object."""
    return declared["kind"], declared["metadata"]["name"]


def _at_rest(declared: Object) -> Object:
    spec = {key: value for key, value in declared.get("spec", {}).items() if key != "suspend"}
    match declared["kind"]:
        case "PriceList":
            kept = {key: value for key, value in spec.items() if key not in {"acceptedDigest", "maxAge"}}
            return declared | {"spec": kept | {"guards": {"maxRemovedPercent": 100}, "active": True}}
        case "PriceListAssignment":
            asked = {"restoreRun", "revision", "approvedPlan"}
            kept = {key: value for key, value in spec.items() if key not in asked}
            approval = "Automatic" if spec.get("approval", "Automatic") == "Automatic" else "Manual"
            writes_all = {"mode": "Full", "sellPrices": True, "names": True}
            return declared | {"spec": kept | writes_all | {"approval": approval}}
        case "TenantReseller":
            return declared | {"spec": spec | {"state": "Active"}}
        case "ConfigMap":
            return declared
        case _:
            return declared | {"spec": spec}


# The world of goods


def _sheet(prefix: str, seed: int) -> str:
    """A sheet with some of ten products, at prices of its own."""
    random = Random(f"{prefix} {seed}")
    rows = []
    for number in sorted(random.sample(range(10), random.randint(3, 8))):
        cents = random.randint(100, 9_999)
        sku = f"{prefix.upper()}-{number}"
        rows.append(f"{sku},month,{cents / 100:.2f},{sku} {random.randint(1, 3)},{cents * 1.2 / 100:.2f}")
    return csv(*rows)


def _named(name: str, sheet: str) -> Mapping[str, str]:
    return {"name": name, "sha256": hashlib.sha256(sheet.encode()).hexdigest()}


def _seed(random: Random) -> int:
    return random.randrange(1, 1_000_000)


def _pause(random: Random) -> float:
    return round(random.choice((0.0, 0.05, 0.2, 0.5)) * random.random(), 3)


# Edits: each takes the chain and a source of chance, and says what is done


def _tenant(random: Random) -> Target:
    return "TenantReseller", random.choice(TENANTS)


def _assignment(random: Random) -> Target:
    return "PriceListAssignment", random.choice(TENANTS)


def _list(random: Random) -> Target:
    return "PriceList", random.choice(LISTS)


def _reprice_inline(chain: Chain, random: Random) -> Sequence[Edit]:
    source = {"inline": _sheet("ITEM", _seed(random))}
    return [chain.change("prices inline", ("PriceList", "retail"), random, source=source)]


def _change_config_map(chain: Chain, random: Random) -> Sequence[Edit]:
    changed = config_map("sheet", "packed", data={"prices.csv": _sheet("PACKED", _seed(random))})
    chain.valid[target_of(changed)] = changed
    return [Edit("prices in a ConfigMap", target_of(changed), changed, pause=_pause(random))]


def _change_one_of_a_pair(chain: Chain, random: Random) -> Sequence[Edit]:
    name = random.choice(PAIR)
    changed = config_map(name, "paired", data={"prices.csv": _sheet(name, _seed(random))})
    chain.valid[target_of(changed)] = changed
    sources = [_named(each, chain.valid["ConfigMap", each]["data"]["prices.csv"]) for each in PAIR]
    edits = [
        Edit("prices in one of two ConfigMaps", target_of(changed), changed, pause=_pause(random)),
        chain.change("digests of ConfigMaps", ("PriceList", "paired"), random, source={"configMaps": sources}),
    ]
    return random.sample(edits, len(edits))


def _lose_config_map(chain: Chain, random: Random) -> Sequence[Edit]:
    target = ("ConfigMap", "sheet")
    return [
        Edit("ConfigMap deleted", target, None, pause=_pause(random)),
        Edit("ConfigMap declared anew", target, chain.valid[target], pause=_pause(random)),
    ]


def _damage_config_map(_: Chain, random: Random) -> Sequence[Edit]:
    damage = random.choice(({"prices.csv": "sku,unit\nA,month\n"}, {"one.csv": "a\n", "two.csv": "b\n"}, {}))
    broken = config_map("sheet", "packed", data=damage)
    return [Edit("ConfigMap that cannot be read", target_of(broken), broken, pause=_pause(random))]


def _guard(chain: Chain, random: Random) -> Sequence[Edit]:
    guards = random.choice(
        ({"maxRemovedPercent": 10}, {"minRows": 7}, {"maxPriceChangePercent": "5"}, {"discontinueAfter": "1h"}, None)
    )
    return [chain.change("guards", _list(random), random, guards=guards)]


def _accept(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _list(random)
    return [Edit("held revision accepted", target, chain.valid[target], answer="held", pause=_pause(random))]


def _list_settings(chain: Chain, random: Random) -> Sequence[Edit]:
    changed = random.choice(({"active": False}, {"active": True}, {"validUntil": "2099-12-31"}, {"maxAge": "36h"}))
    return [chain.change("settings of a price list", _list(random), random, **changed)]


def _bad_sheet(chain: Chain, random: Random) -> Sequence[Edit]:
    sheet = random.choice(
        ("sku,unit\nA,month\n", csv("A,month,cheap,A,"), csv("A,month,1,A,2", "A,month,2,A,3"), csv("A,month,-1,A,"))
    )
    return [chain.mistake("sheet with faults", ("PriceList", "retail"), random, source={"inline": sheet})]


def _two_sources(chain: Chain, random: Random) -> Sequence[Edit]:
    both = {"inline": csv("A,month,1,A,2"), "configMaps": [{"name": "sheet"}]}
    return [chain.mistake("two sources at once", _list(random), random, source=both)]


def _missing_source(chain: Chain, random: Random) -> Sequence[Edit]:
    source = {"configMaps": [{"name": "absent"}]}
    return [chain.mistake("source that is not there", _list(random), random, source=source)]


def _false_acceptance(chain: Chain, random: Random) -> Sequence[Edit]:
    return [chain.mistake("acceptance of unknown content", _list(random), random, acceptedDigest=UNKNOWN_DIGEST)]


def _distributor(chain: Chain, random: Random) -> Sequence[Edit]:
    changed: Mapping[str, Any] = random.choice(
        (
            {"displayName": f"Aegean {random.randint(1, 9)}"},
            {"timeZone": random.choice(("Europe/Athens", "Asia/Nicosia", "UTC"))},
            {"machineRecords": {"responsibleUser": f"user {random.randint(1, 9)}", "permissionRule": "all"}},
        )
    )
    return [chain.change("distributor", AEGEAN, random, **changed)]


def _bad_distributor(chain: Chain, random: Random) -> Sequence[Edit]:
    return [chain.mistake("distributor with an unknown time zone", AEGEAN, random, timeZone=NOWHERE)]


def _tenant_settings(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _tenant(random)
    number = random.randint(1, 9)
    changed: Mapping[str, Any] = random.choice(
        (
            {"account": tenant(target[1])["spec"]["account"] | {"name": f"{target[1]} {number}"}},
            {"language": random.choice(("en", "el", "de"))},
            {"timeZone": random.choice(("Europe/Athens", "Europe/Berlin"))},
            {"billingDay": number},
            {"separateInvoices": bool(number % 2)},
            {"edition": "Premium", "storefront": {"alias": f"{target[1]}-{number}"}},
            {"edition": "Premium", "storefront": {"alias": target[1], "branding": {"bannerText": f"{number} for 1"}}},
        )
    )
    return [chain.change("tenant", target, random, **changed)]


def _administrator(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _tenant(random)
    person = {"email": f"person{random.randint(1, 3)}@{target[1]}.example", "firstName": f"Ada {random.randint(1, 3)}"}
    return [chain.change("administrator", target, random, administrator=person | {"lastName": "Lovelace"})]


def _rotate(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _tenant(random)
    person = chain.valid[target]["spec"]["administrator"] | {"rotateCredentials": f"no. {_seed(random)}"}
    return [chain.change("credentials rotated", target, random, administrator=person)]


def _tenant_state(chain: Chain, random: Random) -> Sequence[Edit]:
    state = random.choice(("Suspended", "Active"))
    return [chain.change("tenant suspended or resumed", _tenant(random), random, state=state)]


def _deletion_policy(chain: Chain, random: Random) -> Sequence[Edit]:
    policy = random.choice(("Retain", "Delete"))
    return [chain.change("deletion policy", _tenant(random), random, deletionPolicy=policy)]


def _bad_tenant(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _tenant(random)
    wrong: Mapping[str, Any] = random.choice(
        (
            {"timeZone": NOWHERE},
            {"billingDay": 32},
            {"edition": "Basic", "storefront": {"alias": "x"}},
            {"language": "?"},
        )
    )
    what = "tenant with an unknown time zone" if "timeZone" in wrong else "tenant that the schema refuses"
    return [chain.mistake(what, target, random, **wrong)]


def _same_storefront(chain: Chain, random: Random) -> Sequence[Edit]:
    first, second = random.sample(TENANTS, 2)
    edits = []
    for name in (first, second):  # both end with an address of their own: one that is not declared any more stays taken
        shop = {"edition": "Premium", "storefront": {"alias": name}}
        edits.append(chain.change("tenant", ("TenantReseller", name), random, **shop))
    contested = {"edition": "Premium", "storefront": {"alias": first}}
    return [edits[0], chain.mistake("storefront of another", ("TenantReseller", second), random, **contested)]


def _rival_tenant(_: Chain, random: Random) -> Sequence[Edit]:
    """Another resource for an account that has one, and off again."""
    account = tenant(random.choice(TENANTS))["spec"]["account"]
    rival = tenant("rival", account=account, deletionPolicy=random.choice(("Retain", "Delete")))
    return [
        Edit("account of another", RIVAL, rival, pause=_pause(random)),
        Edit("tenant deleted", RIVAL, None, pause=_pause(random)),
    ]


def _delete_tenant(chain: Chain, random: Random) -> Sequence[Edit]:
    return _deleted(chain, "tenant deleted", _tenant(random), random)


def _delete_assignment(chain: Chain, random: Random) -> Sequence[Edit]:
    return _deleted(chain, "assignment deleted", _assignment(random), random)


def _delete_list(chain: Chain, random: Random) -> Sequence[Edit]:
    return _deleted(chain, "price list deleted", _list(random), random)


def _delete_distributor(chain: Chain, random: Random) -> Sequence[Edit]:
    return _deleted(chain, "distributor deleted", AEGEAN, random)


def _deleted(chain: Chain, what: str, target: Target, random: Random) -> Sequence[Edit]:
    again = Edit("declared anew", target, chain.valid[target], pause=_pause(random))
    return [Edit(what, target, None, pause=_pause(random)), *([again] if random.random() < 0.7 else [])]


def _suspend(chain: Chain, random: Random) -> Sequence[Edit]:
    target = random.choice((AEGEAN, _list(random), _tenant(random), _assignment(random)))
    return [chain.change("suspended or resumed", target, random, suspend=random.choice((True, None, None)))]


def _assign(chain: Chain, random: Random) -> Sequence[Edit]:
    return [chain.change("list of a tenant", _assignment(random), random, priceList=random.choice(LISTS))]


def _update_options(chain: Chain, random: Random) -> Sequence[Edit]:
    options = {"mode": random.choice(("Full", "Partial"))}
    flags = {flag: random.choice((True, False)) for flag in ("sellPrices", "names")}
    return [chain.change("what an update writes", _assignment(random), random, **options, **flags)]


def _approval(chain: Chain, random: Random) -> Sequence[Edit]:
    approval = random.choice(("Automatic", "Manual", "Manual", "Never"))
    return [chain.change("approval", _assignment(random), random, approval=approval)]


def _approve(chain: Chain, random: Random) -> Sequence[Edit]:
    target = _assignment(random)
    return [Edit("plan approved", target, chain.valid[target], answer="plan", pause=_pause(random))]


def _false_approval(chain: Chain, random: Random) -> Sequence[Edit]:
    return [chain.mistake("approval of an unknown plan", _assignment(random), random, approvedPlan=UNKNOWN_DIGEST)]


def _restore(chain: Chain, random: Random) -> Sequence[Edit]:
    run = random.choice((1, 1, 2, 3, 99))
    return [chain.mistake("earlier run restored", _assignment(random), random, restoreRun=run, revision=None)]


def _pin(chain: Chain, random: Random) -> Sequence[Edit]:
    revision = random.choice((1, 1, 2, 99))
    return [chain.mistake("revision pinned", _assignment(random), random, revision=revision, restoreRun=None)]


def _bad_assignment(chain: Chain, random: Random) -> Sequence[Edit]:
    wrong = random.choice(("absent", "dollars"))
    what = f"assignment of a list {'that is not there' if wrong == 'absent' else 'in another currency'}"
    return [chain.mistake(what, _assignment(random), random, priceList=wrong)]


def _without_effect(chain: Chain, random: Random) -> Sequence[Edit]:
    if random.random() < 0.5:
        return [chain.change("policy", ("BackorderPolicy", "contoso"), random, mode="Shadow")]
    target = ("ResellerUpgrade", "contoso")
    return [chain.change("upgrade", target, random, uncopyableSubscriptions=random.choice(("Stop", "Skip")))]


Maker = Callable[[Chain, Random], Sequence[Edit]]

_EDITS: Final[Sequence[tuple[Maker, int]]] = (
    (_reprice_inline, 8),
    (_change_config_map, 6),
    (_change_one_of_a_pair, 4),
    (_lose_config_map, 2),
    (_damage_config_map, 2),
    (_guard, 4),
    (_accept, 4),
    (_list_settings, 3),
    (_bad_sheet, 2),
    (_two_sources, 1),
    (_missing_source, 2),
    (_false_acceptance, 1),
    (_distributor, 3),
    (_bad_distributor, 1),
    (_tenant_settings, 6),
    (_administrator, 3),
    (_rotate, 3),
    (_tenant_state, 4),
    (_deletion_policy, 3),
    (_bad_tenant, 3),
    (_same_storefront, 2),
    (_rival_tenant, 2),
    (_delete_tenant, 5),
    (_delete_assignment, 3),
    (_delete_list, 2),
    (_delete_distributor, 1),
    (_suspend, 4),
    (_assign, 6),
    (_update_options, 4),
    (_approval, 4),
    (_approve, 6),
    (_false_approval, 1),
    (_restore, 4),
    (_pin, 3),
    (_bad_assignment, 2),
    (_without_effect, 1),
)
