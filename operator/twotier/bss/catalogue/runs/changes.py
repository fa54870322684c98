"""How many offers a run changes: counted when it is planned, kept in the log, and shown in one form everywhere."""

from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many offers a run changes, by kind of change, and by field among those that the tenant has before and after.

    Counted is what comes down from the distributor, also where an override hides it. The HTTP API and the status of an
    assignment have this very schema, with names in camelCase.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, use_attribute_docstrings=True
    )

    added: Count = 0
    """Offers that arrive."""
    returned: Count = 0
    """Offers that were discontinued and come back."""
    discontinued: Count = 0
    """Offers that are discontinued."""
    removed: Count = 0
    """Offers that an undo takes away: they arrived after the run that it restores."""
    changed: Count = 0
    """Other offers of which something changes: in which fields is counted beside this."""
    cost: Count = 0
    """Offers with another cost."""
    tiers: Count = 0
    """Offers with other price tiers."""
    sell_price: Count = 0
    """Offers with another sell price."""
    name: Count = 0
    """Offers with another name."""
    description: Count = 0
    """Offers with another description."""
    activity: Count = 0
    """Offers that are activated or deactivated."""
    other: Count = 0
    """Offers with another product type, charge type or kind."""
    relations: Count = 0
    """Relations between products that come or go."""
    sell_prices_displaced: Count = 0
    """Overrides of sell prices and margins that an update overwrites."""
    names_displaced: Count = 0
    """Overrides of names that an update overwrites."""
    sell_prices_brought_back: Count = 0
    """Overrides of sell prices and margins that an undo puts in force again."""
    names_brought_back: Count = 0
    """Overrides of names that an undo puts in force again."""

    @property
    def overrides_displaced(self) -> int:
        """Overrides that an update overwrites, of prices and of names."""
        return self.sell_prices_displaced + self.names_displaced

    @property
    def may_bring_product_types(self) -> bool:
        """Whether product types may be among what arrives that the tenant has not had before."""
        return bool(self.added or self.returned or self.other)

    def by_name(self) -> dict[str, int]:
        """Return the counts that are not zero."""
        counts = {field.name: int(getattr(self, field.name)) for field in fields(self)}
        return {name: count for name, count in counts.items() if count}

    def as_json(self) -> dict[str, int]:
        """Return all counts, by their names in JSON."""
        return {to_camel(field.name): int(getattr(self, field.name)) for field in fields(self)}


NO_CHANGES: Final = Changes()
