"""Reconciling a PriceList: its source is imported as the next revision whenever its content is new."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from twotier.bss.price_lists.declaring import CurrencyChangedError, PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.faults import PriceListRefused
from twotier.bss.price_lists.format import Format
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.parsing import Part
from twotier.bss.price_lists.revisions import Revision, head
from twotier.faults import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, refuse_unsupported, require, require_distributor
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.distributor.declaration import DistributorSpec
from twotier.kinds.price_list.declaration import ACCEPTED, DEFINITION, PriceListSpec
from twotier.kinds.price_list.declared import format_of
from twotier.kinds.price_list.source import files_of, read_parts
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Condition, Done, Stalled
from twotier.runtime.reasons import Reason
from twotier.runtime.resource import Key, Resource


def price_list_kind(context: Context) -> Kind[PriceListSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=PriceListSpec,
        reconcile=partial(_reconcile, context),
        condition_types=tuple(DEFINITION.conditions),
        refers_to=_refers_to,
        exposes=_exposes,
    )


def _refers_to(resource: Resource[PriceListSpec]) -> frozenset[Key]:
    return frozenset(
        {reference(DISTRIBUTOR, resource, resource.spec.distributor), *files_of(resource.spec.source, resource.key)}
    )


def _exposes(resource: Resource[PriceListSpec]) -> tuple[object, ...]:
    spec = resource.spec
    return resource.status.get("revision"), spec.active, spec.valid_from, spec.valid_until


async def _reconcile(context: Context, resource: Resource[PriceListSpec]) -> Done:
    refuse_unsupported(resource.spec)
    distributor = reference(DISTRIBUTOR, resource, resource.spec.distributor)
    await require(context.cluster, distributor, DistributorSpec, "spec.distributor")
    # First of all, and apart from the import: a list whose source cannot be read is there, and what is declared holds.
    price_list_id = await context.transact(partial(_declare, resource, distributor))
    how = format_of(resource.spec)
    parts = await read_parts(context.cluster, resource)
    try:
        accepted = await context.transact(partial(_import, context, price_list_id, parts, how))
    except PriceListRefused as refused:
        raise _refusal(refused) from refused
    fault_point("price_list.import.after_commit")
    return _done(accepted)


def _declare(resource: Resource[PriceListSpec], distributor: Key, connection: Connection) -> int:
    root, spec = require_distributor(connection, distributor), resource.spec
    declaration = PriceListDeclaration(resource.key.name, spec.currency, spec.active, spec.valid_from, spec.valid_until)
    try:
        return declare_price_list(connection, root.id, declaration)
    except CurrencyChangedError as changed:
        raise Stalled(Reason.CURRENCY_MISMATCH, str(changed)) from changed


def _import(
    context: Context, price_list_id: int, parts: tuple[Part, ...], how: Format, connection: Connection
) -> Revision:
    import_price_list(connection, price_list_id, parts, how, now=context.clock())
    accepted = head(connection, price_list_id)
    if accepted is None:
        raise LookupError(f"price list {price_list_id} has no revision after an import")
    return accepted


def _refusal(refused: PriceListRefused) -> Stalled:
    """What was accepted before still serves, and stays shown."""
    # The first fault stands on the first line, which is all that a table of resources has room for.
    message = f"Nothing was imported; correct the source: {refused}"
    return Stalled(Reason.SOURCE_REFUSED, message, conditions=(Condition(ACCEPTED, "False", refused.reason, message),))


def _done(accepted: Revision) -> Done:
    message = f"Revision {accepted.revision} has {accepted.offers:,} offers of {accepted.products:,} products"
    return Done(
        Reason.IMPORTED,
        message,
        status=_status(accepted),
        conditions=(Condition(ACCEPTED, "True", Reason.IMPORTED, message),),
    )


def _status(accepted: Revision) -> Mapping[str, Any]:
    return {
        "revision": accepted.revision,
        "digest": accepted.digest,
        "offers": accepted.offers,
        "products": accepted.products,
        "lastImportedAt": accepted.imported_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "differences": {
            "added": accepted.differences.added,
            "removed": accepted.differences.removed,
            "priceChanged": accepted.differences.price_changed,
            "otherChanged": accepted.differences.other_changed,
        },
    }
