"""twotier explain: why a price is what it is, and who may change what."""

from typing import Annotated

import typer

from twotier.cli.client.api import segment
from twotier.cli.client.tenants import tenant_path
from twotier.cli.parameters import TenantName
from twotier.cli.render.explain import explanation_report, ownership_table
from twotier.cli.render.screen import Form, as_data
from twotier.cli.session import Session, verb
from twotier.web.api.models import Explanation, Ownership, Tenant

explain = typer.Typer(help="Explain why a value is what it is, and who owns it.", no_args_is_help=True)


@verb
def price(
    session: Session,
    tenant: TenantName,
    sku: Annotated[str, typer.Argument(metavar="SKU", help="Key of the product in the price list.")],
    *,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Term and billing cycle; required if the product has several units.")
    ] = None,
) -> None:
    """Show where each value of an offer comes from: list, file and revision, run, override."""
    session.require_form(Form.TABLE, Form.JSON, Form.YAML)
    path = tenant_path(session.namespace, tenant)
    query: dict[str, str | int] = {} if unit is None else {"unit": unit}
    found = session.api.read(f"{path}/offers/{segment(sku)}/explanation", Explanation, query)
    if session.form is not Form.TABLE:
        session.screen.data(found, session.form)
        return
    currency = session.api.read(path, Tenant).currency or ""
    session.screen.show(explanation_report(found, tenant, currency, session.screen.width))


@verb
def ownership(session: Session) -> None:
    """Show who owns each property of an inherited product: what updates write, and what resellers may change."""
    found = session.api.read("/ownership", Ownership)
    match session.form:
        case Form.TABLE:
            session.screen.show(ownership_table(found.properties, session.screen.width))
        case Form.CSV:
            rows = [dict(as_data(each)) for each in found.properties]  # type: ignore[call-overload]  # an object is a dict
            session.screen.rows(rows, list(rows[0]))
        case _:
            session.screen.data(found, session.form)


explain.command()(price)
explain.command()(ownership)
