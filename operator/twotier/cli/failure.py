"""Errors that keep a command from doing its work."""

import difflib
from collections.abc import Iterable
from typing import Final

MOST_NEAR_NAMES: Final = 3
MOST_LISTED_NAMES: Final = 8


class CommandError(Exception):
    """A person has to do something first; the message says what, in one line."""


def unknown(what: str, name: str, known: Iterable[str], place: str = "") -> CommandError:
    """Return the error for a name that does not exist, with the names that may have been meant.

    Args:
        what: what it was expected to name, such as "PriceListAssignment".
        name: as the user wrote it.
        known: the names that exist.
        place: where it was looked for, such as " in namespace shop".
    """
    return CommandError(f"there is no {what} {name}{place}: {meant(name, known)}")


def meant(name: str, known: Iterable[str]) -> str:
    """Return which of the known names may have been meant by an unknown one."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, MOST_NEAR_NAMES)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if names and len(names) <= MOST_LISTED_NAMES:
        return f"known names: {', '.join(names)}"
    return f"there are {len(names)} others" if names else "none exist"
