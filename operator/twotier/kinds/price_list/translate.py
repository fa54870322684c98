"""A PriceList in the terms of the BSS."""

from datetime import timedelta
from typing import Any

from twotier.bss.price_lists.declaring import PriceListDeclaration
from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.sheets.format import Csv, Format, FormatError, JsonLines, Notation, Property, mapping
from twotier.bss.sheets.presets import DEFAULT, PRESETS
from twotier.kinds.price_list import declaration, declaration_format
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.runtime.outcome import Stalled
from twotier.runtime.reasons import CommonReason


def declaration_of(name: str, spec: PriceListSpec) -> PriceListDeclaration:
    """Return the declaration of a list, apart from its content."""
    return PriceListDeclaration(name, spec.currency, spec.active, spec.valid_from, spec.valid_until)


def guards_of(declared: declaration.Guards | None) -> Guards:
    """Return what may be published without review; what is left out gets the operator's default."""
    if declared is None:
        return Guards()
    given: dict[str, Any] = {
        "max_removed_percent": declared.max_removed_percent,
        "min_rows": declared.min_rows,
        "max_price_change_percent": declared.max_price_change_percent,
    }
    return Guards(
        **{name: value for name, value in given.items() if value is not None},
        hold_zero_prices=declared.zero_prices == "Hold",
        discontinue_after=declared.discontinue_after or timedelta(0),
    )


def format_of(spec: PriceListSpec) -> Format:
    """Return how the source is read.

    Raises:
        Stalled: a template in the spec cannot be read.
    """
    try:
        return read_format(spec.format)
    except FormatError as error:
        raise Stalled(CommonReason.INVALID_SPEC, f"Correct spec.format: {error}") from error


def read_format(declared: declaration_format.Format) -> Format:
    """Return how a file is read: in TwoTier's own format if nothing else is declared.

    Raises:
        FormatError: a template cannot be read, or the notation is inconsistent.
    """
    notation = _notation(declared)
    if declared.columns is None:
        preset = PRESETS[declared.preset or DEFAULT]
        return preset.format(row_filter=declared.row_filter, markup_percent=declared.markup_percent, notation=notation)
    columns = declared.columns.model_dump(by_alias=True, exclude_none=True)
    return mapping(
        {Property(name): template for name, template in columns.items()},
        defaults=declared.defaults,
        fixed_widths=declared.fixed_widths,
        row_filter=declared.row_filter,
        markup_percent=declared.markup_percent,
        notation=notation,
    )


def _notation(declared: declaration_format.Format) -> Notation:
    return JsonLines() if declared.type == "JSONLines" else Csv(declared.delimiter or ",", declared.quote or '"')
