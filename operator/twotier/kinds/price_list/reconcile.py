"""Reconciling a PriceList: whenever the content of its source is new, it is imported as the next revision."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from twotier.bss.price_lists.guarding.judgements import good_import_at
from twotier.bss.price_lists.importing import LargeImportError
from twotier.bss.price_lists.refusals import Refusals
from twotier.bss.sheets.faults import PriceListRefused
from twotier.fault_points import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, require
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.distributor.declaration import DistributorSpec
from twotier.kinds.price_list.apply import declare, import_files
from twotier.kinds.price_list.decide import earliest, freshness
from twotier.kinds.price_list.declaration import DEFINITION, PriceListSpec
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.report import fresh, refusal
from twotier.kinds.price_list.source.files import FOLLOWED, files_of, read_parts
from twotier.kinds.price_list.translate import format_of
from twotier.runtime.kind import Kind
from twotier.runtime.lane import Lane
from twotier.runtime.outcome import Done, Outage, Stalled, UnderWay, Unfinished
from twotier.runtime.resource import Key, Resource

LARGE_IMPORTS: Final = 2
"""So many at once: each takes a core, a connection of the pool and temporary space, and small ones pass them."""


@dataclass(frozen=True, slots=True)
class _Imports:
    """What the imports of all price lists share."""

    large: Lane
    refusals: Refusals


def kind(context: Context) -> Kind[PriceListSpec]:
    """Return the kind, reconciled in this context."""
    imports = _Imports(Lane(LARGE_IMPORTS, context.cluster.resume), Refusals())
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=PriceListSpec,
        reconcile=partial(_reconcile, context, imports),
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


async def _reconcile(context: Context, imports: _Imports, resource: Resource[PriceListSpec]) -> Done:
    distributor = reference(DISTRIBUTOR, resource, resource.spec.distributor)
    await require(context.cluster, distributor, DistributorSpec, "spec.distributor")
    # First, and separate from the import: a list whose source cannot be read still exists as declared.
    price_list_id = await context.transact(partial(declare, context, resource, distributor))
    try:
        outcome = await _import_source(context, imports, resource, price_list_id)
    except Unfinished as unfinished:
        await _also_tell_freshness(context, resource, price_list_id, unfinished)
        raise
    if isinstance(outcome, Stalled):
        raise outcome
    return outcome


async def _import_source(
    context: Context, imports: _Imports, resource: Resource[PriceListSpec], price_list_id: int
) -> Done | Stalled:
    how = format_of(resource.spec)
    try:
        files = await read_parts(context.cluster, resource)
    except UnderWay:
        raise  # a place that is kept for this list stays kept: the file is coming
    except Unfinished:
        imports.large.leave(resource.key)
        raise
    try:
        run = partial(
            import_files, context, resource.spec, price_list_id, files=files, how=how, refusals=imports.refusals
        )
        try:
            outcome = await context.transact(partial(run, even_if_large=False))
        except LargeImportError:
            _require_place(imports.large, resource.key)
            outcome = await context.transact(partial(run, even_if_large=True))
    except PriceListRefused as refused:
        confidential = any(part.confidential for part in files)
        raise refusal(refused.reason, str(refused), confidential=confidential) from refused
    finally:
        imports.large.leave(resource.key)
    fault_point("price_list.import.after_commit")
    return outcome


def _require_place(lane: Lane, key: Key) -> None:
    if not lane.enter(key):
        raise UnderWay(
            Reason.AWAITING_TURN, "The files are large, and so are those of other price lists that are read first"
        )


async def _also_tell_freshness(
    context: Context, resource: Resource[PriceListSpec], price_list_id: int, unfinished: Unfinished
) -> None:
    """A list that cannot be imported still ages."""
    max_age = resource.spec.max_age
    if max_age is None or isinstance(unfinished, Outage):
        return
    imported_at = await context.transact(partial(good_import_at, price_list_id=price_list_id))
    found = freshness(max_age, imported_at, now=context.clock())
    unfinished.conditions = (*unfinished.conditions, fresh(found))
    if isinstance(unfinished, Stalled):
        unfinished.again_at = earliest(unfinished.again_at, found.until)
