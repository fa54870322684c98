"""Everything that the preparation checklist must know of the database, in one statement."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row

from twotier.bss.organizations.distributor import Distributor
from twotier.bss.organizations.host_names import Challenge, challenge, host_fault
from twotier.bss.sql import statements
from twotier.bss.tenants.declaration import TenantDeclaration
from twotier.bss.tenants.phases import Phase

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class PriceListFacts:
    """The price list that the tenant would start with.

    Attributes:
        revision: the pinned one or the newest; 0 before the first was accepted.
        newest: the newest accepted revision; 0 before the first.
        offers: how many the revision has; None when there is no such revision.
    """

    id: int
    currency: str
    active: bool
    valid_from: date | None
    valid_until: date | None
    revision: int
    newest: int
    offers: int | None


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """What the database knows about a tenant that is declared.

    Attributes:
        distributor: its root organisation.
        organization_id: the tenant's; None before it is made. So are phase, currency and what follows.
        as_declared: whether account, organisation, storefront and administrator are what is declared, so that declaring
            them again would change nothing. Phase and credentials are not looked at.
        ever_active: whether the first catalogue stood at some time.
        has_credentials: whether the administrator's password is stored.
        credentials_rotation: what was declared when it was made.
        address: the host name of the declared storefront; None without a storefront, or when it cannot be told.
        address_holder: the organisation that holds that host name, this tenant included, or the distributor with a
            base domain above it.
        holder_yields: whether it holds it without a proof, and so yields to one.
        challenge: what to publish to prove that the declared host is the tenant's own; None without one, if the tenant
            holds it already, or if it cannot have it.
        country_known: whether tenants of this distributor may be in the account's country.
        price_list: None when no list of that name exists.
        required_platforms: those that know resellers and provision product types of the price list.
        lacks_taxes: none of the distributor's was copied, and the reseller has set up none; so too
        lacks_payment_methods. Never before the tenant is made.
    """

    distributor: Distributor
    organization_id: UUID | None
    phase: Phase | None
    currency: str | None
    as_declared: bool
    ever_active: bool
    has_credentials: bool
    credentials_rotation: str | None
    address: str | None
    address_holder: UUID | None
    holder_yields: bool
    challenge: Challenge | None
    country_known: bool
    price_list: PriceListFacts | None
    required_platforms: frozenset[str]
    lacks_taxes: bool
    lacks_payment_methods: bool


def observe(connection: Connection, distributor: Distributor, declaration: TenantDeclaration) -> TenantFacts:
    """Gather the facts about a tenant, whether it exists or not."""
    storefront = declaration.storefront
    address = storefront.address(distributor.storefront_domain) if storefront else None
    row = connection.execute(
        _SQL["observe_tenant"],
        {
            "distributor_id": distributor.id,
            "account_number": declaration.account.number,
            "declared": _document(distributor, declaration),
            "price_list": declaration.price_list,
            "revision": declaration.revision,
        },
    ).one()
    return TenantFacts(
        distributor=distributor,
        organization_id=row.organization_id,
        phase=Phase(row.phase) if row.phase else None,
        currency=row.currency,
        as_declared=row.as_declared,
        ever_active=row.activated_at is not None,
        has_credentials=row.has_credentials,
        credentials_rotation=row.credentials_rotation,
        address=address,
        address_holder=row.address_holder,
        holder_yields=bool(row.holder_yields),
        challenge=_challenge(declaration, row),
        country_known=row.country_known,
        price_list=_price_list(row),
        required_platforms=frozenset(row.required_platforms),
        lacks_taxes=row.lacks_taxes,
        lacks_payment_methods=row.lacks_payment_methods,
    )


def _document(distributor: Distributor, declaration: TenantDeclaration) -> str:
    storefront = declaration.storefront
    return json.dumps(
        {
            "account": asdict(declaration.account),
            "country": declaration.account.country,
            "time_zone": declaration.time_zone or distributor.time_zone,
            "edition": declaration.edition,
            "language": declaration.language,
            "date_format": declaration.date_format,
            "separate_invoices": declaration.separate_invoices,
            "billing_day": declaration.billing_day,
            "alias": storefront.alias if storefront else None,
            "host": storefront.host if storefront else None,
            "branding": storefront.branding if storefront else None,
            "administrator": asdict(declaration.administrator),
        }
    )


def _challenge(declaration: TenantDeclaration, row: Row[*tuple[Any, ...]]) -> Challenge | None:
    host = declaration.storefront.host if declaration.storefront else None
    if host is None or host_fault(host) is not None:
        return None
    if row.address_holder is not None and (row.address_holder == row.organization_id or not row.holder_yields):
        return None
    return challenge(row.host_key, declaration.account.number, host)


def _price_list(row: Row[*tuple[Any, ...]]) -> PriceListFacts | None:
    if row.price_list_id is None:
        return None
    return PriceListFacts(
        id=row.price_list_id,
        currency=row.price_list_currency,
        active=row.price_list_active,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revision=row.revision,
        newest=row.newest,
        offers=row.offers,
    )
