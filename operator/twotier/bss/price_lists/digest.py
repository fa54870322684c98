"""The digest of the content of a price list: the sum of the SHA-256 hashes of its rows, modulo 2^256.

The sum does not depend on the order of the rows or on the revisions by which they came about, and only the rows that
come and go with a revision need to be hashed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

MODULUS: Final = 1 << 256
BITS_OF_A_PART: Final = 64


@dataclass(frozen=True, slots=True)
class Content:
    """What is told of the content of a revision.

    Attributes:
        digest: 64 hexadecimal digits.
        offers: how many it has.
        products: how many it has.
    """

    digest: str
    offers: int
    products: int

    def moved(self, moves: Iterable[Row[Any]]) -> "Content":
        """Return the content after rows came and went.

        Args:
            moves: came (or went, if false), offers, products, and hashes: the sums of the four parts of all hashes.
        """
        total, offers, products = int(self.digest, 16), self.offers, self.products
        for move in moves:
            sign = 1 if move.came else -1
            total += sign * _number([int(part) for part in move.hashes])
            offers += sign * move.offers
            products += sign * move.products
        return Content(f"{total % MODULUS:064x}", offers, products)


def _number(parts: Iterable[int]) -> int:
    number = 0
    for part in parts:
        number = (number << BITS_OF_A_PART) + part
    return number


EMPTY: Final = Content(f"{0:064x}", 0, 0)
