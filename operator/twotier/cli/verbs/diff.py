"""twotier diff: what a change in Git would do to price lists and catalogues; also for CI on a pull request."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import Namespace
from twotier.cli.client.dry_runs import (
    ASSIGNMENT,
    CONFIG_MAP,
    PRICE_LIST,
    TENANT,
    Declarations,
    declarations,
    dry_runs,
)
from twotier.cli.client.sources import Sources, documents
from twotier.cli.failure import CommandError
from twotier.cli.render.diff import diff_report, moves, tenant_row
from twotier.cli.render.progress import working
from twotier.cli.render.screen import Form
from twotier.cli.session import CHANGES, Session, verb
from twotier.kinds.registry import DEFINITIONS
from twotier.web.api.models import DryRun, ListVerdict

FAILED: Final = 1
STOPPED: Final = frozenset({ListVerdict.REFUSED, ListVerdict.HELD})
"""What has no effect until a person acts."""
COMPARED: Final = (PRICE_LIST, ASSIGNMENT, TENANT)


@verb
def diff(
    session: Session,
    *,
    files: Annotated[
        list[Path],
        typer.Option("--filename", "-f", help="A file or folder of declarations; - is standard input. Repeatable."),
    ],
    root: Annotated[
        Path | None,
        typer.Option("--root", help="Folder that stands in for Flux artifacts: the checkout.", file_okay=False),
    ] = None,
) -> None:
    """Show what applying files would do to price lists and to the catalogues of tenants. Nothing is applied.

    Price lists, assignments, tenants and ConfigMaps are read from the files; what the files lack is read from the
    cluster. Exits with 0 if nothing would change, 2 if something would, and 1 if a list would be refused or held, which
    has no effect until a person acts, or if the outcome could not be determined.
    """
    found = declarations(documents(files), session.namespace.name)
    if not found:
        raise CommandError("the files contain no PriceList, PriceListAssignment, TenantReseller or ConfigMap")
    answers = [answer for name, declared in sorted(found.items()) for answer in _ask(session, name, declared, root)]
    _show(session, answers)
    raise typer.Exit(exit_code(answer for answer, _ in answers))


def exit_code(dry_runs: Iterable[DryRun]) -> int:
    """Return the exit code for these answers."""
    asked = list(dry_runs)
    verdicts = {each.outcome for dry_run in asked for each in dry_run.price_lists}
    if verdicts & STOPPED:
        return FAILED
    moved = any(moves(each) for dry_run in asked for each in dry_run.tenants)
    return CHANGES if moved or ListVerdict.ACCEPTED in verdicts else 0


Answer = tuple[DryRun, Mapping[str, str]]


def _ask(session: Session, name: str, files: Declarations, root: Path | None) -> list[Answer]:
    namespace = Namespace(session.connection, name)
    sources = Sources(partial(_config_map, files, namespace), root)
    asked = dry_runs(files, _live(namespace), sources.read)
    with working("Doing a dry run"):
        return [(session.api.dry_run(each.request, name, each.distributor), each.tenants) for each in asked]


def _live(namespace: Namespace) -> Declarations:
    return Declarations(
        {
            definition.kind: {each["metadata"]["name"]: each for each in namespace.list(definition)}
            for definition in DEFINITIONS
            if definition.kind in COMPARED
        }
    )


def _config_map(files: Declarations, namespace: Namespace, name: str) -> dict[str, object] | None:
    return files.of(CONFIG_MAP).get(name) or namespace.config_map(name)


def _show(session: Session, answers: list[Answer]) -> None:
    match session.form:
        case Form.TABLE:
            for answer, tenants in answers:
                session.screen.show(diff_report(answer, tenants, session.screen.width))
        case Form.CSV:
            rows = [tenant_row(each, tenants) for answer, tenants in answers for each in answer.tenants]
            session.screen.rows(rows, list(rows[0]) if rows else ["tenant"])
        case _:
            session.screen.data({"dry-runs": [answer for answer, _ in answers]}, session.form)
