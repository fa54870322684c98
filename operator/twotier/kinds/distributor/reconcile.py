"""Reconciling a Distributor: its root organisation and settings are brought to what is declared."""

from datetime import timedelta
from functools import partial
from typing import Final

from twotier.bss.organizations.distributor import BaseDomainTakenError, SettingsRefusedError, declare_distributor
from twotier.bss.organizations.settings import DistributorSettings
from twotier.kinds.context import Context
from twotier.kinds.distributor.declaration import DEFINITION, DistributorSpec
from twotier.kinds.distributor.reasons import Reason
from twotier.kinds.distributor.translate import settings_of
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Resource

LOOK_AGAIN: Final = timedelta(minutes=1)
"""When to see whether a base domain has been given up by whoever had it."""


def kind(context: Context) -> Kind[DistributorSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=DistributorSpec,
        reconcile=partial(_reconcile, context),
        # The base domain again: from the spec it is known before it is reserved.
        exposes=lambda resource: (
            resource.spec,
            resource.status.get("organizationId"),
            resource.status.get("baseDomain"),
        ),
    )


async def _reconcile(context: Context, resource: Resource[DistributorSpec]) -> Done:
    key, settings = resource.key, settings_of(resource.spec)
    try:
        organization_id = await context.transact(
            lambda connection: declare_distributor(
                connection, key.namespace, key.name, settings, ids=context.ids, now=context.clock()
            )
        )
    except BaseDomainTakenError as taken:
        again_at = context.clock() + LOOK_AGAIN
        raise Stalled(Reason.BASE_DOMAIN_TAKEN, str(taken), again_at=again_at) from taken
    except SettingsRefusedError as refused:
        raise Stalled(CommonReason.INVALID_SPEC, str(refused)) from refused
    return Done(
        Reason.APPLIED,
        f"The root organisation of {settings.display_name} is as declared",
        status={"organizationId": str(organization_id)} | _base_domain(settings),
    )


def _base_domain(settings: DistributorSettings) -> dict[str, str]:
    return {"baseDomain": settings.storefront_domain} if settings.storefront_domain else {}
