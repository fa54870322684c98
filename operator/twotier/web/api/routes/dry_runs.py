"""Dry runs: what a change in declarations would do. Nothing is changed."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from fastapi import Request, Response

from twotier.bss.catalogue.runs.assignment import Assignment
from twotier.bss.database import Database, DatabaseOutageError
from twotier.bss.dry_run import (
    DeclaredList,
    DryRunInterruptedError,
    ListResult,
    TenantResult,
    dry_run,
    rolling_back,
)
from twotier.bss.sheets.parsing import Part
from twotier.bss.unfit import DatabaseUnfitError
from twotier.web.api import models
from twotier.web.api.bodies import BODY_PROBLEMS, body_of, described_body, parsed
from twotier.web.api.declarations import Declarations, declarations_of, refusing
from twotier.web.api.routes.price_lists import difference, differences
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, InScope, Scope
from twotier.web.api.showing import sentence
from twotier.web.shared.databases import Databases
from twotier.web.shared.problems import ProblemError, documented, not_found, unavailable

router = Router(tags=["dry-runs"], responses=NOT_FOUND)


@router.post(
    "/dry-runs",
    response_model=models.DryRun,
    openapi_extra=described_body(models.DryRunRequest),
    responses=BODY_PROBLEMS | documented(HTTPStatus.NOT_IMPLEMENTED),
)
async def try_out(at: InScope, request: Request) -> models.DryRun | Response:
    """Return what price lists and assignments would do if they were declared as given. Changes nothing.

    Each process does one dry run at a time, and others wait. A dry run may take two minutes.
    """
    databases: Databases = request.app.state.databases
    limits = at.work.limits
    at.work.places = limits.trying
    with limits.dry_runs.held(at.work.token):
        async with body_of(request, at.work) as content:
            work = partial(_try_out, databases.dry_run, declarations_of(request), at, content)
            return await at.work.run(work)


def _try_out(database: Database, declarations: Declarations, at: Scope, content: bytearray) -> models.DryRun:
    price_lists, assignments = _declared(declarations, at, parsed(content, models.DryRunRequest))
    try:
        with rolling_back(database) as connection, at.work.covering(connection):
            outcome = dry_run(
                connection,
                at.namespace,
                at.distributor,
                price_lists,
                assignments,
                ids=declarations.ids,
                now=declarations.clock(),
                limits=declarations.limits,
            )
    except LookupError as missing:
        raise not_found(f"{str(missing).capitalize()}: check both names.") from missing
    except DryRunInterruptedError as interrupted:
        raise unavailable(str(interrupted)) from interrupted
    except DatabaseOutageError:
        raise
    except DatabaseUnfitError as unfit:
        raise ProblemError(HTTPStatus.NOT_IMPLEMENTED, f"Dry runs are switched off: {unfit}.") from unfit
    return models.DryRun(
        price_lists=tuple(map(_price_list, outcome.price_lists)), tenants=tuple(map(_tenant, outcome.tenants))
    )


def _declared(
    declarations: Declarations, at: Scope, asked: models.DryRunRequest
) -> tuple[Sequence[DeclaredList], Sequence[Assignment]]:
    with refusing():
        return (
            [
                declarations.price_list(each.name, each.spec, [Part(file.name, file.content) for file in each.files])
                for each in asked.price_lists
            ],
            [declarations.assignment(at.tenant_name(each.account), each.spec) for each in asked.assignments],
        )


def _price_list(outcome: ListResult) -> models.PriceListDryRun:
    result, before = outcome.result, outcome.before
    after = result.head if result else before
    held = result.held if result else None
    return models.PriceListDryRun(
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


def _verdict(outcome: ListResult) -> models.ListVerdict:
    if outcome.result is None:
        return models.ListVerdict.REFUSED
    if outcome.result.held is not None:
        return models.ListVerdict.HELD
    return models.ListVerdict.ACCEPTED if outcome.result.changed else models.ListVerdict.UNCHANGED


def _tenant(outcome: TenantResult) -> models.TenantDryRun:
    plan, assignment = outcome.plan, outcome.assignment
    if plan is None:
        return models.TenantDryRun(
            account=assignment.tenant.account,
            price_list=assignment.price_list,
            outcome=models.TenantVerdict.NOT_PLANNED,
            message=sentence(outcome.obstacle),
        )
    return models.TenantDryRun(
        account=assignment.tenant.account,
        price_list=assignment.price_list,
        outcome=models.TenantVerdict.UP_TO_DATE if plan.empty else models.TenantVerdict.PLANNED,
        kind="update" if plan.restored is None else "undo",
        revision=plan.update.revision,
        changes=plan.changes,
        below_cost=plan.below_cost,
        unpriced=plan.unpriced,
    )
