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
    typer.Argument(metavar="PLAN", help="ID of a plan, or its first characters; default: the newest plan."),
]
KindFilter = Annotated[
    EntryKind | None, typer.Option("--kind", help="Only entries of this kind.", show_choices=True, case_sensitive=False)
]
FieldFilter = Annotated[
    EntryField | None, typer.Option("--field", help="Only entries in which this field changes.", case_sensitive=False)
]
SkuFilter = Annotated[str | None, typer.Option("--sku", help="Only entries of this product.")]
Print = Annotated[bool, typer.Option("--print", help="Print the YAML to commit, and change nothing in the cluster.")]
Force = Annotated[
    bool, typer.Option("--force", help="Take over a field that another manager has set, such as Flux or Argo CD.")
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar=URL_VARIABLE, help="postgresql://user:password@host/database", show_default=False, show_envvar=True
    ),
]
