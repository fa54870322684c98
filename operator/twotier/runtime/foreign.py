"""Foreign objects that wake our resources: which are watched, and what of each matters."""

from collections.abc import Callable
from dataclasses import dataclass

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.resource import Body


@dataclass(frozen=True, slots=True)
class Foreign:
    """A resource type that is not ours, as a kind follows it.

    Attributes:
        content: what resources that refer to an object depend on, for JSON; none wakes while it stays the same.
        label: only objects that have it are watched; None for all.
        optional: a cluster may lack the type, or get it later.
    """

    resource: ApiResource
    content: Callable[[Body], object]
    label: str | None = None
    optional: bool = False
