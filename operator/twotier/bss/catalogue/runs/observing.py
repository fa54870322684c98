"""What is known of an assignment: what it connects, where its tenant's catalogue stands, and what would come next."""

from typing import Final

from sqlalchemy import Connection

from twotier.bss.catalogue.runs import log, stored_plans
from twotier.bss.catalogue.runs.assignment import Approval, Assignment, AssignmentFacts
from twotier.bss.catalogue.runs.eligibility import (
    ApprovedPlan,
    Seen,
    Target,
    approval_obstacle,
    judge_approval,
    target,
    undo_obstacle,
)
from twotier.bss.catalogue.runs.planning import plan_undo
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.obstacle import Obstacle
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


def find_target(connection: Connection, assignment: Assignment) -> Target | Obstacle:
    """Return what an assignment leads to, or why nothing can be planned."""
    return target(assignment, observe_assignment(connection, assignment))


def observe_assignment(connection: Connection, assignment: Assignment) -> AssignmentFacts | None:
    """Find what an assignment connects; None before the distributor's root organisation is made."""
    row = connection.execute(
        _SQL["observe_assignment"],
        {
            "namespace": assignment.tenant.namespace,
            "distributor": assignment.tenant.distributor,
            "account_number": assignment.tenant.account,
            "price_list": assignment.price_list,
            "pinned": assignment.revision,
        },
    ).one_or_none()
    if row is None:
        return None
    return AssignmentFacts(
        organization_id=row.organization_id,
        phase=row.phase,
        currency=row.currency,
        price_list_id=row.price_list_id,
        price_list_currency=row.price_list_currency,
        head_revision=row.head_revision or 0,
        has_revision=row.has_revision,
    )


def see(connection: Connection, shared: SharedPlans, assignment: Assignment, wanted: Target) -> Seen:
    """Return where a tenant's catalogue stands and what would come next under an assignment.

    Args:
        connection: in a transaction of the operator.
        shared: plans of tenants whose catalogues came about alike.
        assignment: as it is declared.
        wanted: what it leads to.
    """
    run = log.current_run(connection, wanted.organization_id)
    if assignment.restored_run is None:
        approved = find_approved(connection, assignment, wanted) if assignment.approval is Approval.MANUAL else None
        return Seen(wanted, run, shared.plan(connection, wanted.organization_id, wanted.update), approved)
    if assignment.restored_run == run.number:
        return Seen(wanted, run, shared.plan(connection, wanted.organization_id, wanted.update))
    obstacle = undo_obstacle(
        assignment.restored_run, log.run(connection, wanted.organization_id, assignment.restored_run)
    )
    if obstacle is None:
        return Seen(wanted, run, plan_undo(connection, wanted.organization_id, assignment.restored_run))
    return Seen(wanted, run, shared.plan(connection, wanted.organization_id, wanted.update), undo_obstacle=obstacle)


def find_approved(connection: Connection, assignment: Assignment, wanted: Target) -> ApprovedPlan | None:
    """Return the plan that an assignment names as approved, with what that is worth; None if it names none."""
    if assignment.approved_plan is None:
        return None
    id_, tenant = assignment.approved_plan, wanted.organization_id
    plan = stored_plans.find(connection, tenant, id_)
    of_another = plan is None and stored_plans.is_of_another_tenant(connection, tenant, id_)
    return judge_approval(assignment, wanted, id_, plan, of_another=of_another)


def find_approval_obstacle(connection: Connection, assignment: Assignment) -> Obstacle | None:
    """Say why the plan that an assignment names as approved would not be applied; None if it would."""
    wanted = find_target(connection, assignment)
    if isinstance(wanted, Obstacle):
        return wanted
    approved = find_approved(connection, assignment, wanted)
    return None if approved is None else approval_obstacle(assignment, approved)
