"""An assignment of the list "retail" to the tenant contoso, who has a catalogue of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from twotier.bss.catalogue.runs.assignment import AssignmentFacts
from twotier.bss.catalogue.runs.log import LogEntry, Outcome, Pinned, Position, RunRecord
from twotier.bss.catalogue.runs.planning import Changes, Plan
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import NOBODY, Mode, Update
from twotier.kinds.price_list_assignment.decide import (
    Approval,
    Seen,
    target,
)
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec

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


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID, OTHER_ID = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
SHORT = "sha256:aaaaaaaaaaaa…"
SOMETHING, NOTHING = planned(cost=4, changed=4), planned()
WAY_BACK = replace(SOMETHING, update=Update(4, 2), restored=1)
STORED = StoredPlan(
    id=ID,
    organization_id=TENANT,
    update=Update(4, 2),
    restored=None,
    price_list="retail",
    target_digest="digest of revision 2",
    newest=2,
    watermark=0,
    changes=Changes(cost=1, changed=1),
    below_cost=0,
    unpriced=0,
    own_values_kept=0,
    planned_at=NOON,
    tenant_newest=2,
    applied_as=None,
)
FIRST = LogEntry(
    position=Position(1),
    outcome=Outcome.APPLIED,
    reason=None,
    message=None,
    mode=Mode.FULL,
    sell_prices=True,
    names=True,
    before=None,
    after=Pinned("retail", 1),
    restored=None,
    undone_by=None,
    in_force=False,
    changes=Changes(),
    own_values_kept=0,
    requested_by="test",
    asked=NOBODY,
    started_at=NOON,
    finished_at=NOON,
)


def seen(spec: PriceListAssignmentSpec, plan: Plan = SOMETHING, facts: AssignmentFacts = FACTS, **more: Any) -> Seen:
    return Seen(target(spec, facts), RUN, plan, **more)


SUSPENDED = replace(FACTS, phase="Suspended")
MANUAL, NEVER = assignment(approval="Manual"), assignment(approval="Never")
APPROVED = assignment(approval="Manual", approvedPlan=ID)
RESTORING = assignment(restoreRun=1)
GOOD, STALE = Approval(ID, STORED, None), Approval(ID, STORED, "something moved")
SPENT = Approval(ID, replace(STORED, applied_as=2, newest=1), "it was applied as run 2")
