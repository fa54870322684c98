"""Pages of long results: each says where the next one begins, by the key of its last row.

A row that is added or removed between two pages does not shift others: nothing is shown twice or skipped.
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
    Query(max_length=LARGEST_CURSOR, description="Cursor: `next` of the previous page. Default: from the start."),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="The maximum number of rows of a page of JSON.")]


def page(rows: Sequence[Item], limit: int, key: Callable[[Item], Key]) -> Page[Item]:
    """Return a page of rows; a row beyond the limit says that there are more.

    Args:
        rows: at most one more than the limit, in order.
        limit: how many are shown.
        key: what identifies a row.
    """
    shown = tuple(rows[:limit])
    return Page(items=shown, next=written(key(shown[-1])) if len(rows) > limit else None)


def written(key: Key) -> str:
    """Return a key as an opaque, URL-safe text."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def place(cursor: str | None, types: tuple[type[str | int], ...]) -> Key | None:
    """Return the key that a cursor stands for; None without one.

    Args:
        cursor: as `written` made it.
        types: of the parts of the key.

    Raises:
        ProblemError: the cursor is invalid.
    """
    if cursor is None:
        return None
    key = _read(cursor)
    if key is None or tuple(type(part) for part in key) != types:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Invalid cursor: pass `next` of the previous page as `after`, unchanged, with the same path.",
        )
    return key


def _read(cursor: str) -> Key | None:
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None
    return tuple(key) if isinstance(key, list) and all(map(_is_storable, key)) else None


def _is_storable(part: object) -> bool:
    """Return whether PostgreSQL can store it: texts without NUL and without surrogates, integers."""
    if isinstance(part, str):
        return "\0" not in part and not any("\ud800" <= character <= "\udfff" for character in part)
    return isinstance(part, int) and abs(part) <= LARGEST_INTEGER
