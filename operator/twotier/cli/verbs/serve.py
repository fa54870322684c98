"""twotier serve: the HTTP API."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from twotier.cli.parameters import DatabaseUrl


def serve(
    database_url: DatabaseUrl,
    kubeconfig: Annotated[Path | None, typer.Option(help="The cluster to use.", exists=True, dir_okay=False)] = None,
) -> None:
    """Serve the HTTP API to the distributor's staff until SIGTERM.

    Further settings are environment variables; see the reference. Without --kubeconfig, it uses the cluster that its
    pod runs in. The login needs the role twotier_viewer and, for dry runs (`kubectl twotier diff`), twotier_operator.
    """
    from twotier.bss.identity import uuid7_ids  # noqa: PLC0415 -- slow to import
    from twotier.kinds.dry_run import declared_assignment, declared_list  # noqa: PLC0415 -- slow to import
    from twotier.web.api.declarations import Declarations  # noqa: PLC0415 -- slow to import
    from twotier.web.serving import now, serve_until_told  # noqa: PLC0415 -- slow to import
    from twotier.web.settings import ServeSettings  # noqa: PLC0415 -- slow to import

    settings = ServeSettings.from_environment(os.environ)
    settings = replace(settings, kubeconfig=kubeconfig or settings.kubeconfig)
    declarations = Declarations(
        declared_list, declared_assignment, clock=now, ids=uuid7_ids(now, os.urandom), limits=settings.limits
    )
    raise typer.Exit(serve_until_told(settings, database_url, declarations))
