"""The format that a user names for files: a preset, or one from a file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from twotier.bss.sheets.presets import PRESETS
from twotier.cli.client.connection import Json
from twotier.cli.client.sources import mapping_of
from twotier.cli.failure import CommandError, meant
from twotier.kinds.price_list.declaration_format import Columns, Format
from twotier.runtime.resource import PREFIX

UNKNOWN_FIELD: Final = "extra_forbidden"
COLUMNS: Final = "columns"


def format_of_preset(preset: str | None, row_filter: Sequence[str]) -> Format:
    """Return a predefined format; TwoTier's own if none is named.

    Args:
        row_filter: the rows to read, as COLUMN=VALUE; several values of one column are alternatives.

    Raises:
        CommandError: there is no such preset, or the filter cannot be read.
    """
    if preset not in {None, *PRESETS}:
        raise CommandError(f"there is no preset {preset}: name {' or '.join(PRESETS)}")
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in row_filter:
        column, equals, value = each.partition("=")
        if not column or not equals:
            raise CommandError(f"--row-filter {each}: name a column and a value, such as Market=DE")
        wanted[column].append(value)
    return _read("--row-filter", "", {"preset": preset, "rowFilter": wanted})


def format_of_file(path: Path) -> tuple[Format, str | None]:
    """Return the format that a file declares, and the currency if the file is a whole PriceList.

    Raises:
        CommandError: the file cannot be read, or something in it is unknown or invalid; the message says where.
    """
    said = mapping_of(path)
    if said.get("kind") != "PriceList":
        return _read(str(path), "", said), None
    spec: Json = said.get("spec") or {}
    return _read(str(path), "spec.format.", spec.get("format") or {}), spec.get("currency")


def _read(called: str, place: str, said: Any) -> Format:
    try:
        # A cluster of another version would ignore an unknown field; here it is a typo.
        return Format.model_validate(said, extra="forbid")
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise CommandError(f"{called}: {'; '.join(_faults(place, faults))}") from error


def _faults(place: str, faults: Sequence[ErrorDetails]) -> Iterator[str]:
    for fault in faults:
        *above, name = map(str, fault["loc"] or ("format",))
        path = place + ".".join((*above, name))
        if fault["type"] == UNKNOWN_FIELD:
            known = Columns if above == [COLUMNS] else Format
            yield f"{path} is unknown: {meant(name, (str(field.alias) for field in known.model_fields.values()))}"
        else:
            yield f"{path}: {fault['msg'].removeprefix(PREFIX)}"
