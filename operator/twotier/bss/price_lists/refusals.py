"""Refusals that stand: the same files need not be read again to be refused again."""

from dataclasses import dataclass, field
from datetime import datetime

from twotier.bss.sheets.faults import PriceListRefused


@dataclass(frozen=True, slots=True)
class _Refusal:
    source: str
    refused: PriceListRefused


@dataclass
class Refusals:
    """The last refusal of each price list, kept in the memory of one process.

    A file is refused for what is in it, so the same bytes in the same format are refused with the same words: at once,
    at least until other rows are valid.
    """

    _last: dict[int, _Refusal] = field(default_factory=dict)

    def require_none(self, price_list_id: int, source: str, *, now: datetime) -> None:
        """Refuse a source again.

        Args:
            price_list_id: the list.
            source: tells sources apart that are read differently or called otherwise.
            now: aware.

        Raises:
            PriceListRefused: it was refused, and nothing is different.
        """
        last = self._last.get(price_list_id)
        if last is None or last.source != source:
            return
        until = last.refused.until
        if until is None or now < until:
            raise PriceListRefused(last.refused.faults, last.refused.total, until=until)

    def remember(self, price_list_id: int, source: str, refused: PriceListRefused) -> None:
        """Replace the last refusal of a list."""
        self._last[price_list_id] = _Refusal(source, refused)

    def forget(self, price_list_id: int) -> None:
        """Forget the last refusal of a list: something else was read since."""
        self._last.pop(price_list_id, None)
