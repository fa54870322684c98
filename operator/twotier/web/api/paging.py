"""Pages of long results: each says where the next one begins, by the key of its last row.

A row that comes or goes between two pages moves no other: nothing is shown twice or left out.
"""

import base64
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

from fastapi import Query

from twotier.web.api.models import Page, Shown
from twotier.web.shared.problems import ProblemError

PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 1_000
LARGEST_CURSOR: Final = 2_048
LARGEST_INTEGER: Final = 2**31 - 1

Key = tuple[str | int, ...]
Item = TypeVar("Item", bound=Shown)

After = Annotated[
    str | None,
    Query(max_length=LARGEST_CURSOR, description="Where to go on: `next` of the page before. From the start without."),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many rows a page of JSON has at most.")]


def page(rows: Sequence[Item], limit: int, key: Callable[[Item], Key]) -> Page[Item]:
    """Return a page of rows that were read, one more than fits if there are more.

    Args:
        rows: at most one more than the limit, in order.
        limit: how many are shown.
        key: what a row is found by.
    """
    shown = tuple(rows[:limit])
    return Page(items=shown, next=written(key(shown[-1])) if len(rows) > limit else None)


def written(key: Key) -> str:
    """Return a key as an opaque text that is good in a URL."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def place(cursor: str | None, types: tuple[type[str | int], ...]) -> Key | None:
    """Return the key that a cursor stands for; None without one.

    Args:
        cursor: as `written` made it.
        types: of the parts of the key.

    Raises:
        ProblemError: nothing of ours is written like that.
    """
    if cursor is None:
        return None
    key = _read(cursor)
    if key is None or tuple(type(part) for part in key) != types:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This is no place to go on from: give what the page before says as `next`, unchanged, with the same path.",
        )
    return key


def _read(cursor: str) -> Key | None:
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None
    return tuple(key) if isinstance(key, list) and all(map(_is_storable, key)) else None


def _is_storable(part: object) -> bool:
    """Tell whether PostgreSQL has such a value: texts without NUL and without halves of characters, integers."""
    if isinstance(part, str):
        return "\0" not in part and not any("\ud800" <= character <= "\udfff" for character in part)
    return isinstance(part, int) and abs(part) <= LARGEST_INTEGER
