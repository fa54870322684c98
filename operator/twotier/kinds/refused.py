"""Kinds that may be declared already and have no effect in this version: every resource of them says so."""

from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Resource


def refused_kind(definition: Definition) -> Kind[Spec]:
    """Return a kind whose resources are refused as a whole, rather than ignored."""

    async def reconcile(_: Resource[Spec]) -> Done:
        raise Stalled(
            CommonReason.NOT_YET_SUPPORTED,
            f"{definition.kind} has no effect in this version of TwoTier: delete it, or use a version that has it",
        )

    return Kind(name=definition.kind, plural=definition.plural, spec=definition.spec, reconcile=reconcile)
