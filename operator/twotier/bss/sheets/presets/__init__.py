"""Formats that price lists come in, known by name.

To add one, write a module here and name it in PRESETS: the schema of PriceLists, the CLI and the reference follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from twotier.bss.sheets.format import Format, Notation
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.bss.sheets.presets.twotier import twotier


class MakeFormat(Protocol):
    """Makes the format of a preset, with what a person may choose beside it."""

    def __call__(
        self,
        *,
        row_filter: Mapping[str, frozenset[str]] | None = None,
        markup_percent: Decimal | None = None,
        notation: Notation | None = None,
    ) -> Format:
        """Return the format; see `Format` for what the arguments mean."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A format that is known by name.

    Attributes:
        description: what it is, for a sentence that begins with its name and "is".
        format: makes it.
    """

    description: str
    format: MakeFormat


DEFAULT: Final = "twotier"
"""The preset of files whose declaration names no other."""
PRESETS: Final[Mapping[str, Preset]] = {
    DEFAULT: Preset("TwoTier's own", twotier),
    "microsoft-nce": Preset(
        "Microsoft's license-based price sheet for partners, of which rowFilter chooses a market (Market: [DE]) where "
        "the file has several",
        microsoft_nce,
    ),
}
