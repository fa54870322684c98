"""What an assignment leads to, and what people are told of it: decided from facts alone."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from twotier.bss.catalogue.assignment import AssignmentFacts
from twotier.bss.catalogue.log import RunRecord
from twotier.bss.catalogue.plan import Changes, Plan
from twotier.bss.catalogue.updates import Mode, Update
from twotier.bss.tenants.phases import Phase
from twotier.kinds.price_list_assignment.declaration import UP_TO_DATE, PriceListAssignmentSpec
from twotier.runtime.outcome import Condition, Done, Stalled, Unfinished, Waiting
from twotier.runtime.reasons import Reason

UPDATABLE: Final = (Phase.ACTIVE, Phase.SUSPENDED)
"""Phases of a tenant who has a catalogue that can be followed; it is updated in the first alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant and the update that brings his catalogue to what is declared.

    Attributes:
        permitted: an update is only for an active tenant.
    """

    organization_id: UUID
    update: Update
    permitted: bool


def target(spec: PriceListAssignmentSpec, facts: AssignmentFacts | None) -> Target:
    """Return what an assignment leads to.

    Raises:
        Waiting: the tenant is not made yet, or the list has no accepted revision: the remedy is in another resource.
        Stalled: the list is in another currency than the tenant, or the pinned revision does not exist.
    """
    if facts is None or facts.organization_id is None or facts.phase not in UPDATABLE:
        raise Waiting(
            Reason.TENANT_NOT_ACTIVE,
            f"TenantReseller {spec.tenant} is not active yet, and his first catalogue comes with that: "
            "see his conditions",
        )
    if facts.price_list_id is None or facts.head_revision == 0:
        raise Waiting(
            Reason.NO_REVISION, f"PriceList {spec.price_list} has no accepted revision yet: see its condition Accepted"
        )
    if facts.price_list_currency != facts.currency:
        raise Stalled(
            Reason.CURRENCY_MISMATCH,
            f"PriceList {spec.price_list} is in {facts.price_list_currency}, the tenant's catalogue in "
            f"{facts.currency}: set spec.priceList to a list in {facts.currency}",
        )
    if not facts.has_revision:
        raise Stalled(
            Reason.REVISION_NOT_FOUND,
            f"PriceList {spec.price_list} has no revision {spec.revision}, the newest is {facts.head_revision}: "
            "correct spec.revision, or remove it to follow the newest",
        )
    revision = spec.revision or facts.head_revision
    update = Update(facts.price_list_id, revision, Mode(spec.mode), spec.sell_prices, spec.names)
    return Target(facts.organization_id, update, permitted=facts.phase == Phase.ACTIVE)


def unplanned(unfinished: Unfinished) -> tuple[Condition, ...]:
    """Return what is said of a catalogue for which no update can be planned: nobody knows what it would change."""
    return (Condition(UP_TO_DATE, "Unknown", unfinished.reason, unfinished.message),)


def up_to_date(spec: PriceListAssignmentSpec, run: RunRecord) -> Done:
    """Return what is reported of a catalogue that is what was declared."""
    message = f"The catalogue of {spec.tenant} is that of {run.price_list}, revision {run.structure_revision}"
    if run.mode is Mode.PARTIAL:
        message += f", with the costs of revision {run.revision}"
    condition = Condition(UP_TO_DATE, "True", Reason.UP_TO_DATE, message)
    return Done(Reason.UP_TO_DATE, message, _status(run), (condition,))


def not_permitted(spec: PriceListAssignmentSpec, run: RunRecord, plan: Plan) -> Done:
    """Return what is reported while nothing may be updated: the last permitted state is in force."""
    if plan.empty:
        return up_to_date(spec, run)
    message = f"TenantReseller {spec.tenant} is suspended: nothing is updated until he is active again"
    condition = Condition(UP_TO_DATE, "False", Reason.TENANT_SUSPENDED, message)
    return Done(Reason.TENANT_SUSPENDED, message, _status(run) | {"plan": _planned(plan)}, (condition,))


def _status(run: RunRecord) -> dict[str, Any]:
    return {
        "run": run.number,
        "priceList": run.price_list,
        "revision": run.structure_revision,
        "lastRun": {
            "number": run.number,
            "mode": run.mode,
            "revision": run.revision,
            "differences": _differences(run.changes),
            "overridesCleared": _overrides_cleared(run.changes),
        },
    }


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "targetRevision": plan.update.revision,
        "differences": _differences(plan.changes),
        "overridesCleared": _overrides_cleared(plan.changes),
        "belowCost": plan.below_cost,
        "unpriced": plan.unpriced,
    }


def _differences(changes: Changes) -> dict[str, int]:
    return {
        "added": changes.added,
        "returned": changes.returned,
        "discontinued": changes.discontinued,
        "changed": changes.changed,
        "cost": changes.cost,
        "tiers": changes.tiers,
        "sellPrice": changes.sell_price,
        "name": changes.name,
        "description": changes.description,
        "activity": changes.activity,
        "other": changes.other,
        "relations": changes.relations,
    }


def _overrides_cleared(changes: Changes) -> int:
    return changes.sell_prices_displaced + changes.names_displaced
