"""Why something may not be done, as a value: rules return it, and whoever asked shows it."""

from abc import ABC, abstractmethod


class Obstacle(ABC):
    """Something that stands in the way; its text is a clause without a full stop.

    Who shows it adds what to do about it in its own terms: a field of a resource, a command, a path.
    """

    __slots__ = ()

    @abstractmethod
    def __str__(self) -> str: ...
