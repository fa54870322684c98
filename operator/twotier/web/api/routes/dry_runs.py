"""Rehearsals: what a change in declarations would do. Nothing is changed to find out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from twotier.bss.database import DatabaseOutageError, DatabaseUnfitError
from twotier.bss.dry_run import (
    DeclarationRefusedError,
    DeclaredAssignment,
    DeclaredList,
    ListOutcome,
    RehearsalInterruptedError,
    TenantOutcome,
    rehearse,
    rehearsing,
)
from twotier.bss.sheets.parsing import Part
from twotier.web.api import models, showing
from twotier.web.api.bodies import read_json
from twotier.web.api.routes.price_lists import difference, differences
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, At
from twotier.web.shared.databases import Databases
from twotier.web.shared.problems import ProblemError, documented, not_found, unavailable

router = Router(tags=["rehearsals"], responses=NOT_FOUND)

REQUEST: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RehearsalRequest"}}},
    }
}
PROBLEMS: Final = documented(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.NOT_IMPLEMENTED
)


@dataclass(frozen=True)
class Declarations:
    """How specs of resources are understood: what the operator makes of them.

    Both raise DeclarationRefusedError for a spec that cannot be.

    Attributes:
        price_list: returns a list by its name, its spec and its files.
        assignment: returns what is assigned to the tenant of an account by a spec.
        clock: the time, aware.
    """

    price_list: Callable[[str, Mapping[str, Any], Sequence[Part]], DeclaredList]
    assignment: Callable[[str, Mapping[str, Any]], DeclaredAssignment]
    clock: Callable[[], datetime]


async def _asked(request: Request) -> models.RehearsalRequest:
    return await read_json(request, models.RehearsalRequest)


@router.post("/rehearsals", openapi_extra=REQUEST, responses=PROBLEMS)
def rehearsal(at: At, request: Request, asked: Annotated[models.RehearsalRequest, Depends(_asked)]) -> models.Rehearsal:
    """Return what price lists and assignments would do if they were declared like this. Changes nothing."""
    declarations: Declarations = request.app.state.declarations
    databases: Databases = request.app.state.databases
    price_lists, assignments = _declared(declarations, asked)
    try:
        with rehearsing(databases.rehearsal) as connection:
            outcome = rehearse(
                connection, at.namespace, at.distributor, price_lists, assignments, now=declarations.clock()
            )
    except LookupError as missing:
        raise not_found(f"{str(missing).capitalize()}: check both names.") from missing
    except RehearsalInterruptedError as interrupted:
        raise unavailable(str(interrupted)) from interrupted
    except DatabaseOutageError:
        raise
    except DatabaseUnfitError as unfit:
        raise ProblemError(HTTPStatus.NOT_IMPLEMENTED, f"Rehearsals are switched off: {unfit}.") from unfit
    return models.Rehearsal(
        price_lists=tuple(map(_price_list, outcome.price_lists)), tenants=tuple(map(_tenant, outcome.tenants))
    )


def _declared(
    declarations: Declarations, asked: models.RehearsalRequest
) -> tuple[Sequence[DeclaredList], Sequence[DeclaredAssignment]]:
    try:
        return (
            [
                declarations.price_list(each.name, each.spec, [Part(file.name, file.content) for file in each.files])
                for each in asked.price_lists
            ],
            [declarations.assignment(each.account, each.spec) for each in asked.assignments],
        )
    except DeclarationRefusedError as refused:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused)) from refused


def _price_list(outcome: ListOutcome) -> models.PriceListRehearsal:
    result, before = outcome.result, outcome.before
    after = result.head if result else before
    held = result.held if result else None
    return models.PriceListRehearsal(
        name=outcome.name,
        outcome=_verdict(outcome),
        message=outcome.refusal or (held and "; ".join(reason.message for reason in held.reasons)),
        old_revision=before and before.revision,
        new_revision=after and after.revision,
        digest=held.digest if held else after and after.digest,
        differences=differences(outcome.differences),
        examples=tuple(map(difference, outcome.examples)),
        suspects=result.suspects if result else 0,
    )


def _verdict(outcome: ListOutcome) -> models.ListVerdict:
    if outcome.result is None:
        return models.ListVerdict.REFUSED
    if outcome.result.held is not None:
        return models.ListVerdict.HELD
    return models.ListVerdict.ACCEPTED if outcome.result.changed else models.ListVerdict.UNCHANGED


def _tenant(outcome: TenantOutcome) -> models.TenantRehearsal:
    plan, assignment = outcome.plan, outcome.assignment
    if plan is None:
        return models.TenantRehearsal(
            account=assignment.account,
            price_list=assignment.price_list,
            outcome=models.TenantVerdict.NOT_PLANNED,
            message=outcome.obstacle,
        )
    return models.TenantRehearsal(
        account=assignment.account,
        price_list=assignment.price_list,
        outcome=models.TenantVerdict.UP_TO_DATE if plan.empty else models.TenantVerdict.PLANNED,
        kind="update" if plan.restored is None else "restore",
        revision=plan.update.revision,
        changes=showing.changes(plan.changes),
        below_cost=plan.below_cost,
        unpriced=plan.unpriced,
    )
