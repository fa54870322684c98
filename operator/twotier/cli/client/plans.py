"""The plans of a tenant: the one in its assignment's status, and those that TwoTier's API knows."""

from typing import Final

from twotier.cli.client.api import Api
from twotier.cli.client.cluster import Namespace
from twotier.cli.client.tenants import Assignment
from twotier.cli.failure import CommandError, unknown
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListStatus
from twotier.kinds.price_list.describe import not_accepted
from twotier.kinds.price_list_assignment.describe import is_planned
from twotier.runtime.status import READY
from twotier.web.api.models import Plan
from twotier.words import ALGORITHM, short

SHORTEST_PREFIX: Final = 6


def find_plan(api: Api, declared: Assignment, path: str, wanted: str | None) -> Plan | None:
    """Return the named plan, or the one that the status shows if none is named; None if there is nothing to do.

    Raises:
        CommandError: there is no such plan, or nothing can be planned at present; the message says why.
    """
    if wanted is not None:
        return _named_plan(api, path, wanted)
    shown = shown_plan(declared)
    return None if shown is None else api.read(f"{path}/plans/{shown}", Plan)


def shown_plan(declared: Assignment) -> str | None:
    """Return the id of the plan that an assignment awaits; None if its catalogue is up to date.

    Raises:
        CommandError: this is unknown, because it was not observed yet or cannot be followed; the message says why.
    """
    ready = declared.status.condition(READY)
    if ready is None or not declared.looked_at:
        raise CommandError(
            f"the operator has not observed the latest change of PriceListAssignment {declared.name} yet: try again "
            "in a moment; if that does not help, check that the operator is running"
        )
    if not is_planned(declared.shown):
        raise CommandError(f"there is no plan for {declared.name} at present: {ready.message}")
    return None if declared.status.plan is None else declared.status.plan.id


def unaccepted(namespace: Namespace, declared: Assignment) -> str | None:
    """Return what keeps the newest content of an assignment's price list from every plan; None if it is accepted."""
    body = namespace.find(PRICE_LIST, declared.spec.price_list)
    return None if body is None else not_accepted(PriceListStatus.model_validate(body.get("status") or {}))


def _named_plan(api: Api, path: str, wanted: str) -> Plan:
    known: list[Plan] = []
    for page in api.pages(f"{path}/plans", Plan):
        known.extend(page)
    found = [each for each in known if _begins(each.id, wanted)]
    if not found:
        raise unknown("plan", wanted, (short(each.id) for each in known if each.live), " of this tenant")
    if len(found) > 1:
        raise CommandError(f"{len(found)} plans begin with {wanted}: give more characters of the ID")
    return found[0]


def _begins(id_: str, wanted: str) -> bool:
    beginning = wanted.removeprefix(ALGORITHM)
    return len(beginning) >= SHORTEST_PREFIX and id_.removeprefix(ALGORITHM).startswith(beginning)
