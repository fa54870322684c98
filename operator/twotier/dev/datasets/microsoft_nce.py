"""A synthetic sheet in the shape of Microsoft's license-based price list for partners, which may not be copied.

    python -m twotier.dev.datasets.microsoft_nce --markets DE FR --edition 2 > sheet.csv

It has the columns, the notation and the size of the real one, and what makes imports of it fail: a byte order mark,
start dates in the year 1753 and end dates in 9999 with seven digits of fractional seconds, text beyond ASCII and with
quotation marks, prices of zero, a unit of measure that is always empty, dictionaries inside cells, and offers that are
discontinued by being absent. The same sheet always has the same bytes.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zlib import crc32

HEADER: Final = (
    "ProductTitle",
    "ProductId",
    "SkuId",
    "SkuTitle",
    "Publisher",
    "SkuDescription",
    "UnitOfMeasure",
    "TermDuration",
    "BillingPlan",
    "Market",
    "Currency",
    "UnitPrice",
    "PricingTierRangeMin",
    "PricingTierRangeMax",
    "EffectiveStartDate",
    "EffectiveEndDate",
    "Tags",
    "ERP Price",
    "Segment",
    "ChangeIndicator",
    "PreviousValues",
)

PRODUCTS: Final = 235
SKUS: Final = 1393
# With each edition, this many SKUs are new, and as many are removed.
RENEWED: Final = 10

ALWAYS: Final = "1753-01-01T00:00:00.0000000Z"
FOR_EVER: Final = "9999-11-30T00:00:00.0000000Z"
LAST_MOMENT: Final = "2026-09-30T23:59:59.9999999Z"
NEXT_MOMENT: Final = "2026-10-01T00:00:00.0000000Z"

CURRENCIES: Final = {
    "EUR": "AD AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK XK",
    "GBP": "GB",
    "CHF": "CH LI",
    "DKK": "DK",
    "NOK": "NO",
    "SEK": "SE",
    "AUD": "AU",
    "CAD": "CA",
    "JPY": "JP",
    "NZD": "NZ",
    "USD": "AE AF AG AI AL AM AO AR AZ BA BB BD BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CI CL CM CN CO CR CV CW CZ "
    "DO DZ EC EG ET FJ GA GE GH GT HK HN HU ID IL IN IQ IS JM JO KE KG KH KR KW KY KZ LB LK LY MA MD MK MN MO MU MX "
    "MY NA NG NI NP OM PA PE PH PK PL PR PY QA RO RS RW SA SG SN SV TH TN TR TT TW UA UG US UY UZ",
}
MARKETS: Final = {market: currency for currency, markets in CURRENCIES.items() for market in markets.split()}

_PLANS: Final = (("P1M", "Monthly"), ("P1Y", "Monthly"), ("P1Y", "Annual"), ("P3Y", "Triennial"))
_TITLES: Final = ("Büro 365", "Sécurité & Défense", "Αναφορές", "Analytics “Plus”", "チーム")
_SEGMENTS: Final = ("Commercial", "Education", "Charity", "Government")
_RANGES: Final = (("1", "299", Decimal(1)), ("300", "2399", Decimal("0.97")), ("2400", "", Decimal("0.94")))
_CENT: Final = Decimal("0.01")
_ROWS_IN_CHUNK: Final = 1000


class Trap(StrEnum):
    """Faults that only some sheets have."""

    LOST_ZEROS = "lost-zeros"
    """A spreadsheet has turned the SkuId 0005 into 5 in every other row."""
    WRONG_FLAGS = "wrong-flags"
    """The ChangeIndicator of one offer in fifty is wrong."""
    UPCOMING_PRICES = "upcoming-prices"
    """Some offers have two rows, one until the end of September 2026 and one from then on."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of some markets.

    Attributes:
        markets: codes of countries, see MARKETS; about 4,370 rows each.
        edition: its number, from 1; successive editions differ like the sheets of successive months.
        traps: its faults.
        currency: of all markets; each has its own if None.
    """

    markets: Sequence[str] = ("DE",)
    edition: int = 1
    traps: frozenset[Trap] = frozenset()
    currency: str | None = None

    def chunks(self) -> Iterator[bytes]:
        """Give the file piece by piece."""
        yield b"\xef\xbb\xbf" + _written([HEADER])
        rows: list[Sequence[str]] = []
        for market in self.markets:
            for row in self._rows(market):
                rows.append(row)
                if len(rows) == _ROWS_IN_CHUNK:
                    yield _written(rows)
                    rows.clear()
        yield _written(rows)

    def to_csv(self) -> bytes:
        """Return the file as a whole."""
        return b"".join(self.chunks())

    def _rows(self, market: str) -> Iterator[Sequence[str]]:
        first = RENEWED * (self.edition - 1)
        lose_zeros = Trap.LOST_ZEROS in self.traps
        for number, row in enumerate(row for sku in range(first, first + SKUS) for row in self._offers(market, sku)):
            if lose_zeros and number % 2:
                row[2] = row[2].lstrip("0")
            yield row

    def _offers(self, market: str, sku: int) -> Iterator[list[str]]:
        plans = _PLANS if sku % 9 == 1 else _PLANS[:3]
        for plan, (term, billing) in enumerate(plans):
            offer = _Offer(sku, plan, term, billing)
            yield from self._offer(market, offer)

    def _offer(self, market: str, offer: "_Offer") -> Iterator[list[str]]:
        price = offer.price(market, self.edition)
        before = offer.price(market, self.edition - 1)
        flag = self._flag(offer, changed=price != before)
        previous = (
            f"{{'UnitPrice': '{before}', 'ERP Price': '{offer.recommended(before)}'}}" if flag == "Change" else ""
        )
        for minimum, maximum, share in _RANGES if offer.is_tiered else (("", "", Decimal(1)),):
            tier = (price * share).quantize(_CENT)
            for start, end, paid in self._times(offer, tier):
                yield [
                    *offer.names(),
                    market,
                    self.currency or MARKETS[market],
                    str(paid),
                    minimum,
                    maximum,
                    start,
                    end,
                    "",
                    str(offer.recommended(paid)),
                    _SEGMENTS[offer.sku % len(_SEGMENTS)],
                    flag,
                    previous,
                ]

    def _times(self, offer: "_Offer", price: Decimal) -> Iterator[tuple[str, str, Decimal]]:
        if Trap.UPCOMING_PRICES in self.traps and offer.sku % 40 == 0:
            yield ALWAYS, LAST_MOMENT, price
            yield NEXT_MOMENT, FOR_EVER, (price * Decimal("1.05")).quantize(_CENT)
        else:
            yield ALWAYS, FOR_EVER, price

    def _flag(self, offer: "_Offer", *, changed: bool) -> str:
        is_new = offer.sku >= SKUS + RENEWED * (self.edition - 2)
        flag = "Add" if is_new else "Change" if changed else "Unchanged"
        if Trap.WRONG_FLAGS in self.traps and offer.number("flag", self.edition) % 50 == 0:
            return "Unchanged" if flag == "Change" else "Change"
        return flag


@dataclass(frozen=True, slots=True)
class _Offer:
    """A SKU in one term and billing plan."""

    sku: int
    plan: int
    term: str
    billing: str

    @property
    def is_free(self) -> bool:
        return self.plan == 0 and self.sku % 5 == 0 and self.sku % 280 != 0

    @property
    def is_tiered(self) -> bool:
        return self.plan == 1 and self.sku % 78 == 1

    def number(self, *of: object) -> int:
        """A pseudo-random number, always the same."""
        return crc32(repr((self.sku, self.plan, *of)).encode())

    def names(self) -> Sequence[str]:
        product = self.sku % PRODUCTS
        title = f"{_TITLES[product % len(_TITLES)]} {product}"
        return (
            title,
            f"CFQ7TTC0{product:04X}",
            f"{self.sku // PRODUCTS + 1:04d}",
            f"{title}, plan {self.sku}",
            "Microsoft Corporation",
            f'{title}: the "best" for {self.sku % 300 + 1} people, naïvely said; one licence for each of them, with '
            "support in all languages of the market and an uptime of 99.9 % in each calendar month",
            "",
            self.term,
            "None" if self.is_free else self.billing,
        )

    def price(self, market: str, edition: int) -> Decimal:
        """The partner's cost; one price in 25 rises by 3 % with each edition."""
        if self.is_free:
            return Decimal(0)
        rises = sum(self.number("rise", past) % 25 == 0 for past in range(2, edition + 1))
        base = Decimal(100 + self.number("price") % 20_000 + crc32(market.encode()) % 50) / 100
        return (base * Decimal("1.03") ** rises).quantize(_CENT)

    def recommended(self, price: Decimal) -> Decimal:
        """Above the price by 10 to 30 %."""
        return (price * (110 + self.number("margin") % 21) / 100).quantize(_CENT)


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def main() -> None:
    """Read the arguments and write the sheet to standard output."""
    parser = argparse.ArgumentParser(prog="python -m twotier.dev.datasets.microsoft_nce", description=__doc__)
    parser.add_argument("--markets", nargs="+", choices=sorted(MARKETS), default=["DE"], metavar="CODE")
    parser.add_argument("--all-markets", action="store_true", help=f"all {len(MARKETS)} markets, about 600,000 rows")
    parser.add_argument("--edition", type=int, default=1, help="1 is the first edition")
    parser.add_argument("--trap", nargs="*", type=Trap, choices=list(Trap), default=[])
    given = parser.parse_args()
    sheet = Sheet(sorted(MARKETS) if given.all_markets else given.markets, given.edition, frozenset(given.trap))
    for chunk in sheet.chunks():
        sys.stdout.buffer.write(chunk)


if __name__ == "__main__":
    main()
