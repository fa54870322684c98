"""Kinds that may already be declared but have no effect in this version: each resource says so."""

from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Resource


def refused_kind(definition: Definition) -> Kind[Spec]:
    """Return a kind whose resources are refused rather than ignored."""

    async def reconcile(_: Resource[Spec]) -> Done:
        raise Stalled(
            CommonReason.NOT_YET_SUPPORTED,
            f"{definition.kind} has no effect in this version of TwoTier: delete it, or use a version that supports it",
        )

    return Kind(name=definition.kind, plural=definition.plural, spec=definition.spec, reconcile=reconcile)
