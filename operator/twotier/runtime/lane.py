"""A lane for what only a few resources may do at once: whoever waits for it holds nothing meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Final

from twotier.runtime.resource import Key
from twotier.runtime.turns import Turns

LONGEST_CALL_SECONDS: Final = 60.0
"""A resource that was called may have been deleted, or may be reconciled late: then it has to ask again."""


class Lane:
    """A few places, and those that wait for one; their namespaces are served in turn.

    A place that becomes free is kept for the next in line, which is reconciled again to take it.

    Args:
        width: how many places there are.
        call: has a resource reconciled again; returns False for one that will not come, such as one that was deleted.
    """

    def __init__(self, width: int, call: Callable[[Key], bool]) -> None:
        self._width = width
        self._call = call
        self._taken: set[Key] = set()
        self._called: dict[Key, asyncio.TimerHandle] = {}
        self._line: Turns[Key] = Turns()

    def enter(self, key: Key) -> bool:
        """Return whether a resource has a place now; if not, it is called when it has one."""
        if key in self._called:
            self._called.pop(key).cancel()
        elif self._free == 0:
            self._line.add(key.namespace, key)
            return False
        self._taken.add(key)
        return True

    def leave(self, key: Key) -> None:
        """Free the place of a resource, or the one that is kept for it; without either, this does nothing."""
        if key in self._called:
            self._called.pop(key).cancel()
        self._taken.discard(key)
        while self._free and (following := self._line.take(lambda _: True)) is not None:
            if self._call(following):
                loop = asyncio.get_running_loop()
                self._called[following] = loop.call_later(LONGEST_CALL_SECONDS, self.leave, following)

    @property
    def _free(self) -> int:
        return self._width - len(self._taken) - len(self._called)
