"""Reconciling a Distributor: its root organisation and settings are brought to what is declared."""

from functools import partial

from twotier.bss.organizations.distributor import SettingsRefusedError, declare_distributor
from twotier.kinds.context import Context
from twotier.kinds.distributor.declaration import DEFINITION, DistributorSpec
from twotier.kinds.distributor.reasons import Reason
from twotier.kinds.distributor.translate import settings_of
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Resource


def kind(context: Context) -> Kind[DistributorSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=DistributorSpec,
        reconcile=partial(_reconcile, context),
        exposes=lambda resource: (resource.spec, resource.status.get("organizationId")),
    )


async def _reconcile(context: Context, resource: Resource[DistributorSpec]) -> Done:
    key, settings = resource.key, settings_of(resource.spec)
    try:
        organization_id = await context.transact(
            lambda connection: declare_distributor(
                connection, key.namespace, key.name, settings, ids=context.ids, now=context.clock()
            )
        )
    except SettingsRefusedError as refused:
        raise Stalled(CommonReason.INVALID_SPEC, str(refused)) from refused
    return Done(
        Reason.APPLIED,
        f"The root organisation of {settings.display_name} is as declared",
        status={"organizationId": str(organization_id)},
    )
