"""Waiting until something holds."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_SECONDS: Final = 40.0


def within(seconds: float, look: Callable[[], object]) -> bool:
    """Wait until something holds, and tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def eventually(look: Callable[[], object], what: Callable[[], str]) -> None:
    """Wait until something holds.

    Args:
        what: says how it looks, for the message when it does not hold for long.

    Raises:
        AssertionError: it does not.
    """
    assert within(PATIENCE_SECONDS, look), f"not within {PATIENCE_SECONDS} s; instead: {what()}"
