"""What may be declared already although nothing acts on it yet: it is refused, never ignored."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from twotier.kinds.backorder_policy.declaration import BackorderPolicySpec
from twotier.kinds.reseller_upgrade.declaration import ResellerUpgradeSpec
from twotier.kinds.schema.spec import Spec

WHOLE_KIND: Final = "spec"
"""Stands for all fields of a kind that has no effect at all."""

Declares = Callable[[Any], bool]


def unsupported(spec: Spec) -> tuple[str, ...]:
    """Return what is declared and has no effect in this version, as in WITHOUT_EFFECT; () when all has one."""
    return tuple(path for path, declares in WITHOUT_EFFECT.get(type(spec), {}).items() if declares(spec))


WITHOUT_EFFECT: Final[Mapping[type[Spec], Mapping[str, Declares]]] = {
    BackorderPolicySpec: {WHOLE_KIND: lambda _: True},
    ResellerUpgradeSpec: {WHOLE_KIND: lambda _: True},
}
"""Paths of fields by the model of their kind, with the value where only one has no effect."""
