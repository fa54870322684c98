"""Lines of what waits, one for each owner, such as a namespace or a caller; owners are served in turn."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Turns(Generic[Item]):
    """Who has much to do waits for its own, and not the others for it.

    Ordered dictionaries, because a plain one looks for its first entry among all those that were removed from it.
    """

    def __init__(self) -> None:
        self._lines: OrderedDict[str, OrderedDict[Item, None]] = OrderedDict()

    def add(self, owner: str, item: Item) -> None:
        """Put an item at the end of its owner's line."""
        self._lines.setdefault(owner, OrderedDict())[item] = None

    def discard(self, owner: str, item: Item) -> None:
        """Take an item out of its owner's line, if it is there."""
        line = self._lines.get(owner)
        if line is not None:
            line.pop(item, None)
            if not line:
                del self._lines[owner]

    def take(self, may: Callable[[Item], bool]) -> Item | None:
        """Take the first item of the owner whose turn it is, or None if none may be taken.

        Args:
            may: whether that item may be taken now; if not, its owner keeps its turn.
        """
        for owner, line in self._lines.items():
            item = next(iter(line))
            if may(item):
                self.discard(owner, item)
                if owner in self._lines:
                    self._lines.move_to_end(owner)
                return item
        return None
