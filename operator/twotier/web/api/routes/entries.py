"""Entries: every offer and relation that a plan would change, or that a run has changed."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Query, Response
from pydantic.alias_generators import to_camel, to_snake
from sqlalchemy import Connection

from twotier.bss.catalogue.reads import entries as derived
from twotier.bss.catalogue.reads.entries import EntryKey, Wanted, plan_entries, run_entries
from twotier.bss.catalogue.runs import log
from twotier.bss.directory.lookups import TenantEntry
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.models import EntryField
from twotier.web.api.paging import Key
from twotier.web.api.routes.plans import PlanId, find
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope, RunNumber
from twotier.web.shared.problems import not_found

router = Router(prefix="/tenants/{account}", responses=NOT_FOUND)

SHOWN: Final = tuple(field for field in EntryField if field is not EntryField.MARGIN)
OWN: Final = (EntryField.SELL_PRICE, EntryField.MARGIN, EntryField.NAME)


async def _wanted(
    kind: Annotated[models.EntryKind | None, Query(description="Only entries of this kind.")] = None,
    field: Annotated[EntryField | None, Query(description="Only entries in which this field changes.")] = None,
    sku: Annotated[
        str | None, Query(max_length=1_024, pattern=r"^[^\x00]*$", description="Only entries of this product.")
    ] = None,
) -> Wanted:
    return Wanted(
        kind=derived.EntryKind(kind) if kind else None,
        field=derived.Field(to_snake(field)) if field else None,
        sku=sku,
    )


Filters = Annotated[Wanted, Depends(_wanted)]


@router.get(
    "/plans/{id}/entries",
    response_model=models.Page[models.Entry],
    responses=STREAMS,
    name="plan_entries",
    tags=["plans"],
)
def entries_of_a_plan(
    at: InScope,
    account: Account,
    id: PlanId,  # noqa: A002 -- the name of the parameter
    wanted: Filters,
    asked: Asked,
) -> models.Page[models.Entry] | Response:
    """Return what a plan changes or would have changed, by SKU and unit, whatever the tenant's state is now."""

    def read(connection: Connection, tenant: TenantEntry, after: Key | None, limit: int) -> Iterator[models.Entry]:
        plan = find(connection, tenant, id)
        found = plan_entries(connection, plan, wanted=wanted, after=_after(after), limit=limit)
        return _shown(found, restores=plan.restored is not None)

    return ENTRIES.send(partial(at.tenant, account), read, asked)


@router.get(
    "/runs/{number}/entries",
    response_model=models.Page[models.Entry],
    responses=STREAMS,
    name="run_entries",
    tags=["runs"],
)
def entries_of_a_run(
    at: InScope, account: Account, number: RunNumber, wanted: Filters, asked: Asked
) -> models.Page[models.Entry] | Response:
    """Return what a run changed, undone or not, by SKU and unit; an undo is a run, too."""

    def read(connection: Connection, tenant: TenantEntry, after: Key | None, limit: int) -> Iterator[models.Entry]:
        run = log.run(connection, tenant.organization_id, number)
        if run is None:
            raise not_found(f"Tenant {account} has no run {number}: GET …/runs lists its runs.")
        found = run_entries(connection, tenant.organization_id, number, wanted=wanted, after=_after(after), limit=limit)
        return _shown(found, restores=run.restored is not None)

    return ENTRIES.send(partial(at.tenant, account), read, asked)


def _after(after: Key | None) -> EntryKey:
    return EntryKey(*map(str, after)) if after else EntryKey()


def _shown(found: Iterable[derived.Entry], *, restores: bool) -> Iterator[models.Entry]:
    """Show entries; an undo brings overrides back, and an update displaces them."""
    for entry in found:
        own = tuple(map(_change, entry.overrides))
        yield models.Entry(
            sku=entry.key.sku,
            unit=entry.key.unit,
            relation=entry.key.relation or None,
            related_sku=entry.key.related_sku or None,
            name=entry.name or entry.key.sku,
            kind=entry.kind.value,
            fields=tuple(map(_change, entry.changes)),
            displaced=() if restores else own,
            brought_back=own if restores else (),
            below_cost=entry.below_cost,
            unpriced=entry.unpriced,
        )


def _change(change: derived.FieldChange) -> models.FieldChange:
    return models.FieldChange(
        field=to_camel(change.field), old=showing.value(change.old), new=showing.value(change.new)
    )


def _key(entry: models.Entry) -> Key:
    return entry.sku, entry.unit, entry.relation or "", entry.related_sku or ""


def _flat(entry: models.Entry) -> Mapping[str, object]:
    own = entry.displaced + entry.brought_back
    return (
        showing.flat(entry)
        | {f"old {change.field}": showing.cell(change.old) for change in entry.fields}
        | {f"new {change.field}": showing.cell(change.new) for change in entry.fields}
        | {f"old own {change.field}": showing.cell(change.old) for change in own}
        | {f"new own {change.field}": showing.cell(change.new) for change in own}
    )


ENTRIES: Final = Listing[models.Entry](
    key=_key,
    types=(str, str, str, str),
    columns=(
        *showing.columns(models.Entry, "fields", "displaced", "brought_back"),
        *(f"{when} {field}" for field in SHOWN for when in ("old", "new")),
        *(f"{when} own {field}" for field in OWN for when in ("old", "new")),
    ),
    flat=_flat,
)
