"""What a price list must be for a tenant's catalogue to come from it, at first and in every update."""

from dataclasses import dataclass

from twotier.bss.obstacle import Obstacle


@dataclass(frozen=True, slots=True)
class NotAccepted(Obstacle):
    """Nothing of the list was accepted yet."""

    price_list: str

    def __str__(self) -> str:
        return f"price list {self.price_list} has no accepted revision yet"


@dataclass(frozen=True, slots=True)
class NoSuchRevision(Obstacle):
    """The revision to stay at does not exist."""

    price_list: str
    revision: int
    newest: int

    def __str__(self) -> str:
        return f"price list {self.price_list} has no revision {self.revision}, and its newest is {self.newest}"


@dataclass(frozen=True, slots=True)
class OtherCurrency(Obstacle):
    """A tenant has one currency (domain.md 18.7), and its catalogue has no other."""

    price_list: str
    currency: str
    wanted: str

    def __str__(self) -> str:
        return f"price list {self.price_list} is in {self.currency}, and the tenant's currency is {self.wanted}"


def revision_obstacle(price_list: str, *, pinned: int | None, exists: bool, newest: int) -> Obstacle | None:
    """Say why a catalogue cannot come from a revision of a list.

    Args:
        price_list: its name.
        pinned: the revision to stay at; None for the newest.
        exists: whether that revision does.
        newest: the newest accepted revision; 0 before the first.
    """
    if newest == 0:
        return NotAccepted(price_list)
    if pinned is not None and not exists:
        return NoSuchRevision(price_list, pinned, newest)
    return None


def currency_obstacle(price_list: str, currency: str, wanted: str | None) -> Obstacle | None:
    """Say why a list in a currency is none for a tenant; a tenant that is not created yet takes the list's currency."""
    return None if wanted is None or wanted == currency else OtherCurrency(price_list, currency, wanted)
