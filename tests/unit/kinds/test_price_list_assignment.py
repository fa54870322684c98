"""What an assignment leads to and what people are told of it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from twotier.bss.catalogue.assignment import AssignmentFacts
from twotier.bss.catalogue.log import RunRecord
from twotier.bss.catalogue.plan import Changes, Plan
from twotier.bss.catalogue.updates import Mode, Update
from twotier.bss.tenants.phases import Phase
from twotier.kinds.price_list_assignment.decide import Target, not_permitted, target, unplanned, up_to_date
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.runtime.outcome import Stalled, Unfinished, Waiting
from twotier.runtime.reasons import Reason

TENANT = UUID(int=7)
FACTS = AssignmentFacts(
    organization_id=TENANT,
    phase="Active",
    currency="EUR",
    price_list_id=4,
    price_list_currency="EUR",
    head_revision=3,
    has_revision=True,
)
RUN = RunRecord(
    number=2, mode=Mode.FULL, revision=3, changes=Changes(added=5), price_list="retail", structure_revision=3
)


def assignment(**fields: Any) -> PriceListAssignmentSpec:
    return PriceListAssignmentSpec.model_validate({"tenant": "contoso", "priceList": "retail"} | fields)


def planned(**counts: int) -> Plan:
    return Plan(TENANT, Update(4, 3), newest=2, watermark=0, changes=Changes(**counts), below_cost=1, unpriced=2)


@pytest.mark.parametrize(
    ("spec", "facts", "expected"),
    [
        pytest.param(
            assignment(), FACTS, Target(TENANT, Update(4, 3, Mode.FULL), permitted=True), id="the newest revision"
        ),
        pytest.param(
            assignment(revision=2), FACTS, Target(TENANT, Update(4, 2, Mode.FULL), permitted=True), id="the pinned one"
        ),
        pytest.param(
            assignment(mode="Partial", sellPrices=True, names=True),
            FACTS,
            Target(TENANT, Update(4, 3, Mode.PARTIAL, sell_prices=True, names=True), permitted=True),
            id="costs alone, with both options",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, phase="Suspended"),
            Target(TENANT, Update(4, 3, Mode.FULL), permitted=False),
            id="a suspended tenant is told what awaits him, and gets nothing",
        ),
    ],
)
def test_an_assignment_leads_to(spec: PriceListAssignmentSpec, facts: AssignmentFacts | None, expected: Target) -> None:
    assert target(spec, facts) == expected


NOT_ACTIVE = (
    Waiting,
    Reason.TENANT_NOT_ACTIVE,
    "TenantReseller contoso is not active yet, and his first catalogue comes with that: see his conditions",
)
NO_REVISION = (
    Waiting,
    Reason.NO_REVISION,
    "PriceList retail has no accepted revision yet: see its condition Accepted",
)


@pytest.mark.parametrize(
    ("spec", "facts", "kind", "reason", "message"),
    [
        pytest.param(assignment(), None, *NOT_ACTIVE, id="a distributor without organisation is waited for"),
        pytest.param(
            assignment(),
            replace(FACTS, organization_id=None, phase=None),
            *NOT_ACTIVE,
            id="a tenant that is not made is waited for",
        ),
        *(
            pytest.param(assignment(), replace(FACTS, phase=phase), *NOT_ACTIVE, id=f"a tenant {phase} is waited for")
            for phase in (Phase.IN_PROGRESS, Phase.MARKED_AS_DELETED, Phase.FAILED)
        ),
        pytest.param(
            assignment(),
            replace(FACTS, price_list_id=None, price_list_currency=None, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a list that the database does not know is waited for",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a list without an accepted revision is waited for",
        ),
        pytest.param(
            assignment(revision=1),
            replace(FACTS, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a pin into a list without an accepted revision waits too",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, price_list_currency="USD"),
            Stalled,
            Reason.CURRENCY_MISMATCH,
            "PriceList retail is in USD, the tenant's catalogue in EUR: set spec.priceList to a list in EUR",
            id="a list in another currency is a person's matter",
        ),
        pytest.param(
            assignment(revision=9),
            replace(FACTS, has_revision=False),
            Stalled,
            Reason.REVISION_NOT_FOUND,
            "PriceList retail has no revision 9, the newest is 3: correct spec.revision, or remove it to follow the "
            "newest",
            id="a pin to a revision that does not exist is a person's matter",
        ),
    ],
)
def test_nothing_is_updated(
    spec: PriceListAssignmentSpec, facts: AssignmentFacts | None, kind: type[Unfinished], reason: Reason, message: str
) -> None:
    with pytest.raises(kind) as ended:
        target(spec, facts)
    assert (ended.value.reason, ended.value.message) == (reason, message)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        pytest.param(RUN, "The catalogue of contoso is that of retail, revision 3", id="of a full update"),
        pytest.param(
            replace(RUN, mode=Mode.PARTIAL, structure_revision=1),
            "The catalogue of contoso is that of retail, revision 1, with the costs of revision 3",
            id="of an update of the costs alone",
        ),
    ],
)
def test_people_are_told_what_a_catalogue_is_made_of(run: RunRecord, message: str) -> None:
    done = up_to_date(assignment(), run)
    assert (done.reason, done.message) == (Reason.UP_TO_DATE, message)
    assert [(each.type, each.status, each.message) for each in done.conditions] == [("UpToDate", "True", message)]


def test_the_status_counts_what_the_last_run_changed() -> None:
    run = replace(RUN, changes=Changes(added=5, cost=2, changed=2, sell_prices_displaced=3, names_displaced=1))
    status = up_to_date(assignment(), run).status
    assert (status["run"], status["priceList"], status["revision"]) == (2, "retail", 3)
    last = status["lastRun"]
    counted = {name: count for name, count in last["differences"].items() if count}
    assert counted == {"added": 5, "cost": 2, "changed": 2}
    assert (last["number"], last["mode"], last["revision"], last["overridesCleared"]) == (2, "Full", 3, 4)
    assert "plan" not in status


def test_a_suspended_tenant_is_shown_what_awaits_him() -> None:
    done = not_permitted(assignment(), RUN, planned(cost=4, changed=4))
    assert done.reason == Reason.TENANT_SUSPENDED
    assert done.message == "TenantReseller contoso is suspended: nothing is updated until he is active again"
    assert [(each.type, each.status, each.reason) for each in done.conditions] == [
        ("UpToDate", "False", Reason.TENANT_SUSPENDED)
    ]
    plan = done.status["plan"]
    assert (plan["targetRevision"], plan["differences"]["cost"], plan["belowCost"], plan["unpriced"]) == (3, 4, 1, 2)


def test_a_suspended_tenant_whom_nothing_awaits_is_up_to_date() -> None:
    assert not_permitted(assignment(), RUN, planned()) == up_to_date(assignment(), RUN)


def test_nobody_knows_whether_a_catalogue_is_up_to_date_when_no_update_can_be_planned() -> None:
    (condition,) = unplanned(Stalled(Reason.CURRENCY_MISMATCH, "Assign another list"))
    assert (condition.type, condition.status, condition.reason) == ("UpToDate", "Unknown", Reason.CURRENCY_MISMATCH)
    assert condition.message == "Assign another list"
