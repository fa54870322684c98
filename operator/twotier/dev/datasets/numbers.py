"""Numbers as the publishers write them."""

from decimal import Decimal


def plain(number: str) -> str:
    """Write a number without an exponent, with all its digits: 6.5e-05 becomes 0.000065."""
    return format(Decimal(number), "f") if "e" in number.lower() else number
