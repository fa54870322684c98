"""A PriceList in the terms of the BSS."""

from twotier.bss.price_lists.format import Csv, Format, FormatError, Property, mapping, twotier
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.runtime.outcome import Stalled
from twotier.runtime.reasons import Reason


def format_of(spec: PriceListSpec) -> Format:
    """Say how the source is read; TwoTier's own format when nothing else is declared.

    Raises:
        Stalled: a template in the spec cannot be read.
    """
    declared = spec.format
    if declared.columns is None:
        return twotier(markup_percent=declared.markup_percent)
    columns = declared.columns.model_dump(by_alias=True, exclude_none=True)
    try:
        return mapping(
            {Property(name): template for name, template in columns.items()},
            defaults=declared.defaults,
            fixed_widths=declared.fixed_widths,
            markup_percent=declared.markup_percent,
            csv=Csv(declared.delimiter or ",", declared.quote or '"'),
        )
    except FormatError as error:
        raise Stalled(Reason.INVALID_SPEC, f"Correct spec.format: {error}") from error
