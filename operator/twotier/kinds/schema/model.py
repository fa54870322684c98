"""The base of declarations, and the rules that the API server enforces on them."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


@dataclass(frozen=True, slots=True)
class Rule:
    """A CEL rule on an object.

    Attributes:
        rule: must be true of `self`; if it names `oldSelf`, it applies to changes only.
        message: says what to do.
        field: path below the object that the API server names in its answer, such as ".distributor".
    """

    rule: str
    message: str
    field: str | None = None


def immutable(path: str, message: str) -> Rule:
    """Keep a required field as it was created.

    The rule is on the object that holds it, because one on the field itself is not evaluated when the field is removed.

    Args:
        path: of the field below the object, in its JSON names, such as "account.number".
        message: says what to do instead.
    """
    return Rule(f"self.{path} == oldSelf.{path}", message, f".{path}")


class Declared(BaseModel):
    """An object of a declaration.

    Fields that a newer version of a resource has are ignored, so that an older operator still reads it; to refuse
    unknown fields is the API server's job.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True, extra="ignore"
    )

    rules: ClassVar[tuple[Rule, ...]] = ()


def exactly_one(*fields: str, message: str) -> Rule:
    """Require exactly one of several optional fields."""
    present = ", ".join(f"has(self.{field})" for field in fields)
    return Rule(f"[{present}].filter(present, present).size() == 1", message)
