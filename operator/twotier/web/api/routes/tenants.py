"""A tenant: its state and that of its catalogue."""

from twotier.bss.catalogue.runs.updates import CatalogueState, Pin, state
from twotier.bss.directory.lookups import price_list_names
from twotier.web.api import models
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope

router = Router(prefix="/tenants/{account}", tags=["tenants"], responses=NOT_FOUND)


@router.get("")
def tenant(at: InScope, account: Account) -> models.Tenant:
    """Return the state of a tenant and its catalogue."""
    with at.tenant(account) as (connection, entry):
        standing = state(connection, entry.organization_id)
        pins = _pins(standing) if standing else {}
        names = price_list_names(connection, [pin.price_list_id for pin in pins.values()])
    return models.Tenant(
        account=entry.account,
        name=entry.name,
        phase=entry.phase,
        edition=entry.edition,
        currency=entry.currency,
        run=standing and standing.current,
        newest_run=standing and standing.newest,
        newest_override=standing.newest_override if standing else 0,
        **{
            column: models.Pin(price_list=names[pin.price_list_id], revision=pin.revision)
            for column, pin in pins.items()
        },
    )


def _pins(standing: CatalogueState) -> dict[str, Pin]:
    return {
        "structure": standing.structure,
        "cost": standing.cost,
        "sell_prices": standing.sell_prices,
        "names": standing.names,
    }
