"""Reconciling a PriceList: its source is imported as the next revision whenever its content is new."""

from functools import partial

from sqlalchemy import Connection

from twotier.bss.price_lists.declaring import CurrencyChangedError, PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding.held import accept_held
from twotier.bss.price_lists.guarding.judgements import good_import_at
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.faults import PriceListRefused
from twotier.fault_points import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, require, require_distributor
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.distributor.declaration import DistributorSpec
from twotier.kinds.price_list.declaration import DEFINITION, PriceListSpec
from twotier.kinds.price_list.guards import guards_of
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.report import decide, earliest, freshness, refusal
from twotier.kinds.price_list.source.files import FOLLOWED, files_of, read_parts
from twotier.kinds.price_list.translate import format_of
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Outage, Stalled, Unfinished
from twotier.runtime.resource import Key, Resource


def kind(context: Context) -> Kind[PriceListSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=PriceListSpec,
        reconcile=partial(_reconcile, context),
        condition_types=tuple(DEFINITION.conditions),
        measured=DEFINITION.measured,
        follows=FOLLOWED,
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
    distributor = reference(DISTRIBUTOR, resource, resource.spec.distributor)
    await require(context.cluster, distributor, DistributorSpec, "spec.distributor")
    # First of all, and apart from the import: a list whose source cannot be read is there, and what is declared holds.
    price_list_id = await context.transact(partial(_declare, context, resource, distributor))
    try:
        outcome = await _import_source(context, resource, price_list_id)
    except Unfinished as unfinished:
        await _also_tell_freshness(context, resource, price_list_id, unfinished)
        raise
    if isinstance(outcome, Stalled):
        raise outcome
    return outcome


def _declare(context: Context, resource: Resource[PriceListSpec], distributor: Key, connection: Connection) -> int:
    root, spec = require_distributor(connection, distributor), resource.spec
    declaration = PriceListDeclaration(resource.key.name, spec.currency, spec.active, spec.valid_from, spec.valid_until)
    try:
        price_list_id = declare_price_list(connection, root.id, declaration)
    except CurrencyChangedError as changed:
        raise Stalled(Reason.CURRENCY_MISMATCH, str(changed)) from changed
    accept_held(connection, price_list_id, spec.accepted_digest, now=context.clock())
    return price_list_id


async def _import_source(context: Context, resource: Resource[PriceListSpec], price_list_id: int) -> Done | Stalled:
    spec, how = resource.spec, format_of(resource.spec)
    parts = await read_parts(context.cluster, resource)

    def import_(connection: Connection) -> Done | Stalled:
        now = context.clock()
        imported = import_price_list(
            connection,
            price_list_id,
            parts,
            how,
            guards=guards_of(spec.guards),
            accepted_digest=spec.accepted_digest,
            now=now,
        )
        return decide(spec, imported, now=now)

    try:
        outcome = await context.transact(import_)
    except PriceListRefused as refused:
        raise refusal(refused) from refused
    fault_point("price_list.import.after_commit")
    return outcome


async def _also_tell_freshness(
    context: Context, resource: Resource[PriceListSpec], price_list_id: int, unfinished: Unfinished
) -> None:
    """A list that cannot be imported grows old all the same."""
    max_age = resource.spec.max_age
    if max_age is None or isinstance(unfinished, Outage):
        return
    imported_at = await context.transact(partial(good_import_at, price_list_id=price_list_id))
    fresh = freshness(max_age, imported_at, now=context.clock())
    unfinished.conditions = (*unfinished.conditions, fresh.condition)
    if isinstance(unfinished, Stalled):
        unfinished.again_at = earliest(unfinished.again_at, fresh.until)
