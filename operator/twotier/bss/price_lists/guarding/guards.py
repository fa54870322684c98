"""What holds a suspicious revision until a person accepts it.

Lists lose rows by accident, and are cut down on purpose; both look alike. The guards say what is published
without review.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final


class HoldReason(StrEnum):
    """Why content is held, the gravest first."""

    TOO_FEW_ROWS = "TooFewRows"
    """The list has fewer offers than `spec.guards.minRows`."""
    TOO_MANY_REMOVED = "TooManyRemoved"
    """More offers are missing than `spec.guards.maxRemovedPercent` allows."""
    PRICE_BECAME_ZERO = "PriceBecameZero"
    """A price became zero, and `spec.guards.zeroPrices` holds that."""
    PRICE_CHANGED_TOO_MUCH = "PriceChangedTooMuch"
    """A price changed by more than `spec.guards.maxPriceChangePercent`."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What may be published without review.

    Attributes:
        max_removed_percent: share of the head's offers that may be missing, 0 to 100.
        min_rows: offers that the list must have.
        max_price_change_percent: change of a price, up or down, that is still believed; None for any. Every price is
            too much for an offer that cost nothing.
        hold_zero_prices: a price that becomes zero is not believed.
        discontinue_after: how long an offer must be missing before it is discontinued; until then it is suspect.
    """

    max_removed_percent: int = 25
    min_rows: int = 1
    max_price_change_percent: Decimal | None = None
    hold_zero_prices: bool = False
    discontinue_after: timedelta = timedelta(0)

    def fingerprint(self) -> str:
        """Return a text that differs where guards differ."""
        return (
            f"{self.max_removed_percent} {self.min_rows} {self.max_price_change_percent} {self.hold_zero_prices} "
            f"{self.discontinue_after.total_seconds()}"
        )


UNGUARDED: Final = Guards(max_removed_percent=100, min_rows=0)
"""Anything is published."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price that changed."""

    sku: str
    unit: str
    old: Decimal
    new: Decimal

    def __str__(self) -> str:
        return f"{self.sku} {self.unit} from {self.old} to {self.new}"


@dataclass(frozen=True, slots=True)
class PriceChanges:
    """Some of the changed prices: how many there are, and the first of them by SKU and unit."""

    total: int = 0
    first: tuple[PriceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What content that is to be published looks like beside the head.

    Attributes:
        head: offers of the head, without those that were suspect for so long that they are discontinued now.
        missing: how many of these the content lacks, suspects among them.
        offers: how many the content has.
        too_much: prices that changed by more than is believed.
        zeroed: prices that became zero, where that is not believed.
    """

    head: int
    missing: int
    offers: int
    too_much: PriceChanges = PriceChanges()
    zeroed: PriceChanges = PriceChanges()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one guard has to say; the message is a sentence without its full stop."""

    reason: HoldReason
    message: str


def without_prices(findings: Findings) -> Findings:
    """Return findings of which no message names an offer or a price."""
    too_much, zeroed = (replace(each, first=()) for each in (findings.too_much, findings.zeroed))
    return replace(findings, too_much=too_much, zeroed=zeroed)


def judge(guards: Guards, findings: Findings) -> Sequence[Suspicion]:
    """Return the objections to publishing without review, the gravest first; empty if there are none."""
    return tuple(_suspicions(guards, findings))


def _suspicions(guards: Guards, found: Findings) -> Iterator[Suspicion]:
    if found.offers < guards.min_rows:
        yield Suspicion(
            HoldReason.TOO_FEW_ROWS,
            f"it has fewer offers than minRows asks for: {found.offers:,} of {guards.min_rows:,}",
        )
    if found.missing * 100 > guards.max_removed_percent * found.head:
        yield Suspicion(
            HoldReason.TOO_MANY_REMOVED,
            f"offers are missing: {found.missing:,} of {found.head:,}, "
            f"more than the {guards.max_removed_percent} % of maxRemovedPercent",
        )
    if found.zeroed.total:
        become = "price becomes" if found.zeroed.total == 1 else "prices become"
        yield Suspicion(
            HoldReason.PRICE_BECAME_ZERO,
            f"{found.zeroed.total:,} {become} zero, which zeroPrices holds{_examples(found.zeroed)}",
        )
    if found.too_much.total:
        change = "price changes" if found.too_much.total == 1 else "prices change"
        yield Suspicion(
            HoldReason.PRICE_CHANGED_TOO_MUCH,
            f"{found.too_much.total:,} {change} by more than the {guards.max_price_change_percent} % of "
            f"maxPriceChangePercent{_examples(found.too_much)}",
        )


def _examples(changes: PriceChanges) -> str:
    if not changes.first:
        return ""
    shown = ": " + ", ".join(str(change) for change in changes.first)
    return shown if changes.total == len(changes.first) else f"{shown} and others"
