"""Kinds that may be declared already although nothing acts on them yet: they are refused, never ignored."""

from typing import Final

from twotier.kinds.backorder_policy.declaration import BackorderPolicySpec
from twotier.kinds.reseller_upgrade.declaration import ResellerUpgradeSpec
from twotier.kinds.schema.spec import Spec

WITHOUT_EFFECT: Final[frozenset[type[Spec]]] = frozenset({BackorderPolicySpec, ResellerUpgradeSpec})
"""The models of these kinds."""
