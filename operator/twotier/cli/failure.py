"""What keeps a command from doing what it is asked for."""

import difflib
from collections.abc import Iterable
from typing import Final

MOST_NEAR_NAMES: Final = 3
MOST_LISTED_NAMES: Final = 8


class CommandError(Exception):
    """A person has to do something first; the message says what, in one line."""


def unknown(what: str, name: str, known: Iterable[str], place: str = "") -> CommandError:
    """Return the error for a name that does not exist, with those that may have been meant.

    Args:
        what: what it should be the name of, such as "PriceListAssignment".
        name: as it was written.
        known: the names that exist.
        place: where it was looked for, such as " in namespace shop".
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, MOST_NEAR_NAMES)
    if near:
        hint = f": did you mean {' or '.join(near)}?"
    elif names and len(names) <= MOST_LISTED_NAMES:
        hint = f": there is {', '.join(names)}"
    elif names:
        hint = f": there are {len(names)} others"
    else:
        hint = ": there is none at all"
    return CommandError(f"there is no {what} {name}{place}{hint}")
