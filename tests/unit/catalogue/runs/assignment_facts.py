"""An assignment of the list "retail" to the tenant contoso, which has a catalogue of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from twotier.bss.catalogue.runs.assignment import Approval, Assignment, AssignmentFacts, TenantName
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.eligibility import ApprovedPlan, Seen, Target, target
from twotier.bss.catalogue.runs.log import LogEntry, Outcome, Pinned, Position, RunRecord
from twotier.bss.catalogue.runs.obstacles import CatalogueMoved, PlanApplied
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import NOBODY, Mode, Update

TENANT = UUID(int=7)
CONTOSO = TenantName("sales", "northwind", "R-1")
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
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID, OTHER_ID = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def assignment(**fields: Any) -> Assignment:
    return replace(Assignment(CONTOSO, "retail"), **fields)


def planned(**counts: int) -> Plan:
    return Plan(TENANT, Update(4, 3), newest=2, watermark=0, changes=Changes(**counts), below_cost=1, unpriced=2)


SOMETHING, NOTHING = planned(cost=4, changed=4), planned()
UNDO = replace(SOMETHING, update=Update(4, 2), restored=1)
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
    overrides_kept=0,
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
    overrides_kept=0,
    requested_by="test",
    asked=NOBODY,
    plan_id=None,
    started_at=NOON,
    finished_at=NOON,
)
SUSPENDED = replace(FACTS, phase="Suspended")
AUTOMATIC, MANUAL, NEVER = assignment(), assignment(approval=Approval.MANUAL), assignment(approval=Approval.NEVER)
APPROVED = assignment(approval=Approval.MANUAL, approved_plan=ID)
RESTORING = assignment(restored_run=1)
MOVED = CatalogueMoved(planned_after=1, newest=2)
GOOD, STALE = ApprovedPlan(ID, STORED, None), ApprovedPlan(ID, STORED, MOVED)
SPENT = ApprovedPlan(ID, replace(STORED, applied_as=2, newest=1), PlanApplied(2))


def leads_to(declared: Assignment, facts: AssignmentFacts = FACTS) -> Target:
    """What an assignment leads to that can be planned."""
    found = target(declared, facts)
    assert isinstance(found, Target)
    return found


def seen(declared: Assignment, plan: Plan = SOMETHING, facts: AssignmentFacts = FACTS, **more: Any) -> Seen:
    return Seen(leads_to(declared, facts), RUN, plan, **more)
