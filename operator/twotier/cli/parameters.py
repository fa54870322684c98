"""Arguments and options that several verbs take."""

from typing import Annotated

import typer

from twotier.bss.unfit import URL_VARIABLE
from twotier.cli.client.tenants import names_of
from twotier.web.api.models import EntryField, EntryKind

TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The TenantReseller.", autocompletion=names_of("tr"))]
AssignmentName = Annotated[
    str,
    typer.Argument(metavar="ASSIGNMENT", help="The PriceListAssignment.", autocompletion=names_of("pla")),
]
PlanId = Annotated[
    str | None,
    typer.Argument(metavar="PLAN", help="Id of a plan, or its beginning; the newest one when left out."),
]
KindFilter = Annotated[
    EntryKind | None, typer.Option("--kind", help="Entries of one kind.", show_choices=True, case_sensitive=False)
]
FieldFilter = Annotated[
    EntryField | None, typer.Option("--field", help="Entries of which one field changes.", case_sensitive=False)
]
SkuFilter = Annotated[str | None, typer.Option("--sku", help="Entries of one product.")]
Print = Annotated[bool, typer.Option("--print", help="Print the YAML to commit, and change nothing in the cluster.")]
Force = Annotated[
    bool, typer.Option("--force", help="Take the field over where somebody else, such as Git's controller, set it.")
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar=URL_VARIABLE, help="postgresql://user:password@host/database", show_default=False, show_envvar=True
    ),
]
