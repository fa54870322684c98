"""What a price list's source says over time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from twotier.bss.database import Database
from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

START = datetime(2026, 8, 1, 12, tzinfo=UTC)
HEADER = "sku,unit,price,name,addOnOf,components"


def content(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def offers(count: int, price: object = 1) -> bytes:
    """A list of so many offers."""
    return content(*(f"SKU-{number:03},month,{price}" + ",,," for number in range(count)))


@dataclass
class Source:
    """A price list's source over time."""

    database: Database
    price_list: int
    guards: Guards = field(default_factory=Guards)
    accepted: str | None = None
    now: datetime = START
    format_: Format = field(default_factory=twotier)

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def says(self, content: bytes, **changes: Any) -> ImportResult:
        """Import content; guards, acceptance and time stay as they were last."""
        vars(self).update(changes)
        self.passes(minutes=1)
        with self.database.transaction() as connection:
            return import_price_list(
                connection,
                self.price_list,
                [Part("list.csv", content)],
                self.format_,
                guards=self.guards,
                accepted_digest=self.accepted,
                now=self.now,
            )

    def column(self, query: str) -> list[Any]:
        with self.database.transaction() as connection:
            return list(connection.execute(text(query)).scalars())

    def offers(self) -> list[tuple[str, Decimal]]:
        with self.database.transaction() as connection:
            rows = connection.execute(text("select sku, price from open_offer order by sku"))
            return [(row.sku, row.price) for row in rows]
