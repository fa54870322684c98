"""The transactions of a price list: its declaration, and the import of its source."""

from collections.abc import Sequence

from sqlalchemy import Connection

from twotier.bss.price_lists.declaring import CurrencyChangedError, declare_price_list
from twotier.bss.price_lists.guarding.held import accept_held
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.refusals import Refusals
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.kinds.context import Context
from twotier.kinds.dependencies import require_distributor
from twotier.kinds.price_list.decide import decide
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.report import report
from twotier.kinds.price_list.translate import declaration_of, guards_of
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.resource import Key, Resource


def declare(context: Context, resource: Resource[PriceListSpec], distributor: Key, connection: Connection) -> int:
    """Bring a list to its declaration, apart from its content, and return its id in the BSS.

    Raises:
        Waiting: the distributor has no root organisation yet.
        Stalled: the list has prices in another currency.
    """
    root, spec = require_distributor(connection, distributor), resource.spec
    try:
        price_list_id = declare_price_list(
            connection, root.id, declaration_of(resource.key.name, spec), ids=context.ids
        )
    except CurrencyChangedError as changed:
        raise Stalled(Reason.CURRENCY_MISMATCH, str(changed)) from changed
    accept_held(connection, price_list_id, spec.accepted_digest, now=context.clock())
    return price_list_id


def import_files(
    context: Context,
    spec: PriceListSpec,
    price_list_id: int,
    connection: Connection,
    *,
    files: Sequence[Part],
    how: Format,
    refusals: Refusals,
    even_if_large: bool,
) -> Done | Stalled:
    """Publish or hold the content of the files, and return the report.

    Raises:
        LargeImportError: it takes long.
        PriceListRefused: the files have faults.
    """
    now = context.clock()
    imported = import_price_list(
        connection,
        price_list_id,
        files,
        how,
        guards=guards_of(spec.guards),
        accepted_digest=spec.accepted_digest,
        now=now,
        limits=context.limits,
        refusals=refusals,
        even_if_large=even_if_large,
    )
    return report(imported, decide(spec, imported, now=now))
