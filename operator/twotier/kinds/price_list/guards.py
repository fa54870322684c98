"""The guards of a PriceList in the terms of the BSS; what is left out is the operator's default."""

from datetime import timedelta
from typing import Any

from twotier.bss.price_lists.guarding.guards import Guards
from twotier.kinds.price_list import declaration


def guards_of(declared: declaration.Guards | None) -> Guards:
    """Say what of a list may be published unseen."""
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
