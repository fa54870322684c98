"""Waiting until something holds."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_SECONDS: Final = 40.0


def eventually(look: Callable[[], object], what: Callable[[], str]) -> None:
    """Wait until something holds.

    Args:
        what: says how it looks, for the message when it does not hold for long.

    Raises:
        AssertionError: it does not.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s; instead: {what()}"
        time.sleep(0.05)
