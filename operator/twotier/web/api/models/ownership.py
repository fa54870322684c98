"""Who may change what of an inherited product."""

from typing import Annotated, Literal

from pydantic import Field

from twotier.web.api.models.values import Shown


class OwnedProperty(Shown):
    """Who may change a property of an inherited product (domain.md section 10)."""

    property: Annotated[str, Field(description="The property as programs name it, such as sellPrice.")]
    title: Annotated[str, Field(description="The property in words.")]
    area: Annotated[str, Field(description="The part of the catalogue that it belongs to.")]
    owner: Annotated[Literal["distributor", "reseller"], Field(description="Who decides on it.")]
    verdict: Annotated[
        Literal["allowed", "partly", "not allowed"], Field(description="Whether the reseller may change it.")
    ]
    comment: Annotated[str, Field(description="What the rule means.")]
    instead: Annotated[
        str, Field(description="What a reseller can do instead, or how it changes the property if it owns it.")
    ]
    basis: Annotated[str, Field(description="documented, inferred, or decided where the sources are silent.")]
    enforced_by: Annotated[str, Field(description="What enforces the rule.")]
    source: Annotated[str, Field(description="Title of the page that states the rule.")]


class Ownership(Shown):
    """The matrix of owners."""

    properties: tuple[OwnedProperty, ...]
