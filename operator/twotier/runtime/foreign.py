"""Objects of others that wake ours: which of them are watched, and what of each matters."""

from collections.abc import Callable
from dataclasses import dataclass

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.resource import Body


@dataclass(frozen=True, slots=True)
class Foreign:
    """A resource type that is not ours, as a kind follows it.

    Attributes:
        content: what those who refer to an object look at, for JSON; nobody wakes while it stays the same.
        label: only objects that have it are watched; all of them where there is none.
        optional: a cluster may not have the type, or not yet.
    """

    resource: ApiResource
    content: Callable[[Body], object]
    label: str | None = None
    optional: bool = False
