"""A PriceList in the terms of the BSS."""

from twotier.bss.sheets.format import Csv, Format, FormatError, JsonLines, Notation, Property, mapping, twotier
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.kinds.price_list import declaration_format as declaration
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.runtime.outcome import Stalled
from twotier.runtime.reasons import CommonReason


def format_of(spec: PriceListSpec) -> Format:
    """Say how the source is read.

    Raises:
        Stalled: a template in the spec cannot be read.
    """
    try:
        return read_format(spec.format)
    except FormatError as error:
        raise Stalled(CommonReason.INVALID_SPEC, f"Correct spec.format: {error}") from error


def read_format(declared: declaration.Format) -> Format:
    """Say how a file is read; in TwoTier's own format when nothing else is declared.

    Raises:
        FormatError: a template cannot be read, or the notation makes no sense.
    """
    notation = _notation(declared)
    if declared.columns is None:
        preset = microsoft_nce if declared.preset == "microsoft-nce" else twotier
        return preset(row_filter=declared.row_filter, markup_percent=declared.markup_percent, notation=notation)
    columns = declared.columns.model_dump(by_alias=True, exclude_none=True)
    return mapping(
        {Property(name): template for name, template in columns.items()},
        defaults=declared.defaults,
        fixed_widths=declared.fixed_widths,
        row_filter=declared.row_filter,
        markup_percent=declared.markup_percent,
        notation=notation,
    )


def _notation(declared: declaration.Format) -> Notation:
    return JsonLines() if declared.type == "JSONLines" else Csv(declared.delimiter or ",", declared.quote or '"')
