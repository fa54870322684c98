"""Numbers, amounts and times as people read them. Pure."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

ARROW: Final = "→"
NOTHING: Final = "—"
ALGORITHM: Final = "sha256:"
DIGEST: Final = re.compile(r"\b(?:sha256:)?[0-9a-f]{64}\b")
SHORT_DIGEST: Final = 12
ROUND_ABOVE: Final = 100
LEAST_PERCENT: Final = Decimal("0.1")
UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count and what is counted, such as "1 offer" or "12,000 offers"."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def amount(value: Decimal) -> str:
    """Return an exact amount, with two decimals at least and no superfluous zeros behind them."""
    text = format(value, "f")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def change(old: Decimal, new: Decimal) -> str:
    """Return by how much an amount changed, in percent; nothing where there is no such share."""
    if not old or old == new:
        return ""
    percent = (new - old) / abs(old) * 100
    if abs(percent) < LEAST_PERCENT:
        return f"{'+' if percent > 0 else '-'}<{LEAST_PERCENT} %"
    digits = 0 if abs(percent) >= ROUND_ABOVE else 1
    return f"{percent:+,.{digits}f} %"


def age(since: datetime, now: datetime) -> str:
    """Return how long ago something was, as kubectl writes it: 5s, 3m, 2h, 12d."""
    seconds = max((now - since) / timedelta(seconds=1), 0)
    for unit, size in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "0s"


def moment(when: datetime) -> str:
    """Return a time in UTC, to the second."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def duration(milliseconds: int) -> str:
    """Return how long something took."""
    return f"{milliseconds} ms" if milliseconds < 1_000 else f"{milliseconds / 1_000:.1f} s"  # noqa: PLR2004 -- a second


def short(digest: str) -> str:
    """Return the beginning of a digest, by which people tell it from others."""
    return digest.removeprefix(ALGORITHM)[:SHORT_DIGEST]


def abridged(message: str) -> str:
    """Return a message with the beginnings of the digests in it."""
    return DIGEST.sub(lambda found: f"{short(found.group())}…", message)


def hours(span: timedelta) -> str:
    """Return a duration as declarations have it, such as 24h or 90m."""
    minutes = span / timedelta(minutes=1)
    return f"{minutes / 60:g}h" if minutes % 60 == 0 else f"{minutes:g}m"


def with_options(update: str, *, sell_prices: bool, names: bool) -> str:
    """Return an update with what it writes over the reseller's overrides."""
    options = [word for word, chosen in (("sell prices", sell_prices), ("names", names)) if chosen]
    return f"{update} with {' and '.join(options)}" if options else update
