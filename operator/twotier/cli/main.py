"""The command `twotier`, which is also `kubectl twotier`. Each command imports what it needs when it is called."""

import errno
import os
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

# Typer does not export these; the lock file pins its version.
from typer._click.exceptions import NoArgsIsHelpError, UsageError

from twotier.bss.unfit import DatabaseUnfitError
from twotier.cli.failure import CommandError
from twotier.cli.parameters import DatabaseUrl
from twotier.cli.verbs.approve import approve
from twotier.cli.verbs.database import database
from twotier.cli.verbs.diff import diff
from twotier.cli.verbs.explain import explain
from twotier.cli.verbs.import_ import import_
from twotier.cli.verbs.log import log
from twotier.cli.verbs.plan import plan
from twotier.cli.verbs.serve import serve
from twotier.cli.verbs.status import status
from twotier.cli.verbs.undo import undo
from twotier.cli.verbs.uninstall import uninstall
from twotier.kinds.settings import OperatorSettings
from twotier.runtime.settings import SettingsError

app = typer.Typer(
    name="twotier",
    help="The control plane for two-tier cloud distribution.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (status, plan, approve, diff, log, undo, uninstall):
    app.command()(verb)
app.command("import")(import_)
app.add_typer(explain, name="explain")
app.add_typer(database, name="database")
app.command()(serve)

Kubeconfig = Annotated[Path | None, typer.Option(help="The cluster to use.", exists=True, dir_okay=False)]


@app.command()
def operator(database_url: DatabaseUrl, kubeconfig: Kubeconfig = None) -> None:
    """Reconcile all resources until SIGTERM.

    Further settings are environment variables; see the reference. Without --kubeconfig, it uses the cluster that its
    pod runs in.
    """
    from twotier.kinds.operator import run_operator  # noqa: PLC0415 -- Kopf is slow to import

    settings = OperatorSettings.from_environment(os.environ)
    raise typer.Exit(run_operator(replace(settings, kubeconfig=kubeconfig or settings.kubeconfig), database_url))


@app.command()
def demo(
    kubeconfig: Kubeconfig = None,
    once: Annotated[bool, typer.Option("--once", help="Exit when the story is over, instead of staying up.")] = False,
) -> None:
    """Show TwoTier at work, on a control plane and a PostgreSQL server started for it."""
    from twotier.dev.demo import run_demo  # noqa: PLC0415 -- not installed beside the operator

    raise typer.Exit(run_demo(kubeconfig=kubeconfig, once=once))


def misused(error: UsageError) -> str:
    """Return one line that says what is wrong with a command line, and where its usage is described."""
    called = error.ctx.command_path if error.ctx else "twotier"
    return f"{' '.join(error.format_message().split()).rstrip('.')}: see {called} --help"


def main() -> None:
    """Run the requested command; what a person can fix is reported in one line, without a traceback.

    A misused command exits with 1, too: verbs exit with 2 when they find changes.
    """
    _open_closed_streams()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
    except (CommandError, DatabaseUnfitError, SettingsError) as error:
        sys.exit(f"twotier: {error}")
    except NoArgsIsHelpError as error:
        typer.echo(error.ctx.get_help())
        sys.exit(0)
    except UsageError as error:
        sys.exit(f"twotier: {misused(error)}")
    except typer.Abort:
        sys.exit("twotier: aborted")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        # The interpreter would try once more to write what did not fit, and fail with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(f"twotier: {error.strerror}")


def _open_closed_streams() -> None:
    """Write into the void where the shell closed a stream (`>&-`)."""
    void = Path(os.devnull)
    sys.stdout = sys.stdout or void.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or void.open("w", encoding="utf-8")


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"twotier {version('twotier')}")
        raise typer.Exit


@app.callback()
def _describe(
    *,
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    pass
