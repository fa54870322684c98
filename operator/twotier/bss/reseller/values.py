"""What values a reseller may set. The limits are those of price lists."""

import unicodedata
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

MAXIMUM_DECIMALS: Final = 18
MAXIMUM_DIGITS: Final = 12
"""Before the decimal point."""
TEXT_LENGTHS: Final = {
    "code": 200,
    "unit": 100,
    "name": 300,
    "description": 10_000,
    "image": 2_000,
    "category": 200,
    "product type": 200,
}
"""How many characters a text may have, by what it is."""

_OVER: Final = Decimal(10) ** MAXIMUM_DIGITS
_WHOLE_SELL_PRICE: Final = Decimal(100)
_SHOWN: Final = 40


class InvalidValueError(Exception):
    """The value cannot be used here; the message says why, and what can."""


def checked_text(label: str, value: str) -> str:
    """Return a text without blanks around it.

    Args:
        label: what it is, one of `TEXT_LENGTHS`.
        value: as the reseller wrote it.

    Raises:
        InvalidValueError: it is empty, too long, or has characters that nobody sees.
    """
    text = value.strip()
    if not text:
        raise InvalidValueError(f"the {label} is empty: write something, or remove your own {label}")
    if len(text) > TEXT_LENGTHS[label]:
        raise InvalidValueError(
            f"the {label} {_shown(text)} has {len(text)} characters: at most {TEXT_LENGTHS[label]} are possible"
        )
    lines = text.replace("\n", "") if label == "description" else text
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in lines):
        raise InvalidValueError(f"the {label} {_shown(text)} has a control character in it: remove it")
    return text


def checked_image(value: str) -> str:
    """Return the address of an image.

    Raises:
        InvalidValueError: a browser that shows a storefront could not fetch it.
    """
    text = checked_text("image", value)
    try:
        address = urlsplit(text)
    except ValueError:
        address = urlsplit("")
    if address.scheme != "https" or not address.hostname or " " in text:
        raise InvalidValueError(
            f"the image {_shown(text)} is not an address that a storefront can show: write one that begins with https://"
        )
    return text


def checked_amount(label: str, amount: Decimal) -> Decimal:
    """Return a price as it is; zero is a gift.

    Args:
        label: what it is, in words.
        amount: in the tenant's currency.

    Raises:
        InvalidValueError: it is negative, too large, or finer than prices can be.
    """
    _require_number(label, amount)
    if amount < 0:
        raise InvalidValueError(f"the {label} {amount} is negative: write 0 or more")
    if amount >= _OVER:
        raise InvalidValueError(
            f"the {label} {amount} is too large: at most {MAXIMUM_DIGITS} digits before the decimal point are possible"
        )
    return amount


def checked_margin(percent: Decimal) -> Decimal:
    """Return a margin as it is, in per cent of the sell price; a negative one sells below cost.

    Raises:
        InvalidValueError: no sell price has such a margin.
    """
    _require_number("margin", percent)
    if percent >= _WHOLE_SELL_PRICE:
        raise InvalidValueError(
            f"the margin {percent} % is not below 100 %: it is a part of the sell price, and the cost is the rest"
        )
    if percent <= -_OVER:
        raise InvalidValueError(f"the margin {percent} % is too low: no sell price is that far below the cost")
    return percent


def parsed(label: str, value: str) -> Decimal:
    """Return the number that a text stands for.

    Raises:
        InvalidValueError: it stands for none.
    """
    try:
        return Decimal(value.strip())
    except ArithmeticError:
        raise InvalidValueError(
            f"the {label} {_shown(value)} is not a number: write digits with a decimal point, such as 9.50"
        ) from None


def _require_number(label: str, number: Decimal) -> None:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InvalidValueError(
            f"the {label} {number} is not a number: write digits with a decimal point, such as 9.50"
        )
    if exponent < -MAXIMUM_DECIMALS:
        raise InvalidValueError(
            f"the {label} {number} has {-exponent} decimals: at most {MAXIMUM_DECIMALS} are possible"
        )


def _shown(text: str) -> str:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return repr(shown)
