"""twotier import --check: check a price list without a cluster, before it is declared."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from pydantic.alias_generators import to_camel

from twotier.bss.sheets.presets import PRESETS
from twotier.cli.client.format_file import format_of_file, format_of_preset
from twotier.cli.failure import CommandError
from twotier.cli.render.layout import GAP, Line, Span, Text, fields, line, paragraph
from twotier.cli.render.progress import working
from twotier.cli.render.screen import Form, Screen
from twotier.kinds.price_list.declaration_format import Format
from twotier.runtime.settings import ImportSettings
from twotier.words import counted, moment

if TYPE_CHECKING:
    from twotier.bss.database import Database
    from twotier.bss.price_lists.checking import CheckReport
    from twotier.bss.sheets.faults import PriceListRefused
    from twotier.bss.sheets.format import Format as Reading

BY_OPTION: Final = "Here, use --row-filter COLUMN=VALUE, such as --row-filter Market=DE."
UNPRICED: Final = "without a recommended sell price, unpublished until resellers set one"


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The files of the list.", exists=True, dir_okay=False)
    ],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only check the files; only the operator imports.")] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="YAML: spec.format of a PriceList, or a whole PriceList.", dir_okay=False),
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", help=f"A predefined format: {' or '.join(PRESETS)}.")
    ] = None,
    row_filter: Annotated[
        list[str] | None,
        typer.Option(
            "--row-filter",
            metavar="COLUMN=VALUE",
            help="Read only rows with this value, such as Market=DE. Repeatable; not with --mapping.",
        ),
    ] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Currency of the list (ISO 4217).")] = None,
    output: Annotated[Form, typer.Option("--output", "-o", help="Output format.")] = Form.TABLE,
) -> None:
    """Check the files of a price list as an import would read them, and report what is wrong or what they contain.

    Needs no cluster. Uses the PostgreSQL server that TWOTIER_DATABASE_URL names, or else starts a temporary one.
    Nothing is written. Exits with 0 if the files can be imported, 1 if not.
    """
    from twotier.bss.sheets.faults import PriceListRefused  # noqa: PLC0415 -- slow to import

    if not check:
        raise CommandError("the operator imports what a PriceList declares; to check files beforehand, add --check")
    declared, named = _declared(mapping, preset, row_filter or [])
    money = currency or named
    if money is None:
        raise CommandError("the currency of the list is not known: name it with --currency, such as --currency EUR")
    screen = Screen.on_standard_output()
    try:
        found = _check(files, _reading(declared), money)
    except PriceListRefused as refused:
        report = refusal_report(files, refused, screen.width, by_option=mapping is None)
        _show(screen, output, report, _refusal(refused))
        raise typer.Exit(1) from None
    _show(screen, output, check_report(files, found, money, screen.width), _finding(found))


def check_report(files: Sequence[Path], found: "CheckReport", currency: str, width: int) -> list[Line]:
    """Return what an import would find in files that can be imported."""
    left_out = [
        f"{count:,} {what}"
        for count, what in (
            (found.filtered_out, "left out by the row filter"),
            (found.not_valid, "not valid at present"),
            (found.repeated, "repeated"),
        )
        if count
    ]
    told: list[tuple[str, Text]] = [
        ("Offers", f"{counted(found.offers, 'offer')} of {counted(found.products, 'product')}, in {currency}"),
        ("Rows", ", ".join((f"{found.rows:,} read", *left_out))),
        ("Tiers", _some(found.with_tiers, "with tiered prices")),
        ("Free", _some(found.zero_prices, "at a price of zero")),
        ("Unpriced", Span(_some(found.unpriced, UNPRICED), "yellow")),
        ("Next", "" if found.next_boundary is None else f"other rows become valid at {moment(found.next_boundary)}"),
    ]
    return [line(Span(f"{_names(files)} can be imported", "green")), *fields(told, width)]


def refusal_report(
    files: Sequence[Path], refused: "PriceListRefused", width: int, *, by_option: bool = False
) -> list[Line]:
    """Return why an import would refuse files.

    Args:
        by_option: rows are chosen by an option here, not by the rowFilter of a file.
    """
    from twotier.bss.sheets.faults import RefusalReason  # noqa: PLC0415 -- slow to import

    faults = [each for fault in str(refused).splitlines() for each in paragraph(fault, width, GAP)]
    mixed = refused.reason == RefusalReason.MIXED_ROWS
    advice = paragraph(BY_OPTION, width, GAP) if by_option and mixed else []
    title = f"{_names(files)} would be refused: {counted(refused.total, 'fault')}"
    return [line(Span(title, "red")), *faults, *advice]


def _some(count: int, what: str) -> str:
    return f"{counted(count, 'offer')} {what}" if count else ""


def _names(files: Sequence[Path]) -> str:
    return ", ".join(str(file) for file in files)


def _refusal(refused: "PriceListRefused") -> dict[str, object]:
    faults = [{"file": each.part, "line": each.line, "message": str(each)} for each in refused.faults]
    return {"refused": True, "reason": str(refused.reason), "total": refused.total, "faults": faults}


def _finding(found: "CheckReport") -> dict[str, object]:
    return {"refused": False, **{to_camel(name): value for name, value in asdict(found).items()}}


def _show(screen: Screen, form: Form, lines: list[Line], data: dict[str, object]) -> None:
    if form is Form.TABLE:
        screen.show(lines)
    else:
        screen.data(data, form)


def _declared(mapping: Path | None, preset: str | None, row_filter: Sequence[str]) -> tuple[Format, str | None]:
    """The named format, and the currency if it comes with a whole PriceList."""
    if mapping is None:
        return format_of_preset(preset, row_filter), None
    if preset is not None:
        raise CommandError("name --mapping or --preset, not both: a preset defines the columns itself")
    if row_filter:
        raise CommandError(f"name --mapping or --row-filter, not both: write rowFilter into {mapping}")
    return format_of_file(mapping)


def _reading(declared: Format) -> "Reading":
    from twotier.bss.sheets.format import FormatError  # noqa: PLC0415 -- slow to import
    from twotier.kinds.price_list.translate import read_format  # noqa: PLC0415 -- slow to import

    try:
        return read_format(declared)
    except FormatError as error:
        raise CommandError(f"the format cannot be used: {error}") from error


def _check(files: Sequence[Path], format_: "Reading", currency: str) -> "CheckReport":
    from twotier.bss.price_lists.checking import check_price_list  # noqa: PLC0415 -- slow to import
    from twotier.bss.sheets.parsing import Part  # noqa: PLC0415 -- slow to import

    parts = [Part(str(file), file.read_bytes()) for file in files]
    limits = ImportSettings.from_environment(os.environ).limits
    with _database() as database, working(f"Reading {_names(files)}"), database.transaction() as connection:
        return check_price_list(connection, parts, format_, currency, datetime.now(UTC), limits=limits)


@contextmanager
def _database() -> "Iterator[Database]":
    """The database that the environment names, or else a temporary one."""
    from twotier.bss import administration  # noqa: PLC0415 -- slow to import
    from twotier.bss.database import Database, Role  # noqa: PLC0415 -- slow to import
    from twotier.bss.unfit import URL_VARIABLE  # noqa: PLC0415 -- slow to import
    from twotier.dev.failure import EnvironmentUnfitError  # noqa: PLC0415 -- not needed by other verbs
    from twotier.dev.postgres import database_server  # noqa: PLC0415 -- not needed by other verbs

    try:
        with database_server() as url:
            if not os.environ.get(URL_VARIABLE):
                with working("Preparing a temporary database"):
                    administration.initialise(url)
                    administration.migrate(url)
            database = Database(url, Role.OPERATOR, pool_size=1)
            try:
                yield database
            finally:
                database.dispose()
    except EnvironmentUnfitError as error:
        raise CommandError(" ".join(str(error).split())) from error
