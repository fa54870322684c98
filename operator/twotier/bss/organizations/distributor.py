"""Root organisations: declared as a whole, written where different."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.identity import Ids
from twotier.bss.organizations.host_names import host_fault
from twotier.bss.organizations.hosts import HostTakenError, reserve_base_domain
from twotier.bss.organizations.settings import DistributorSettings
from twotier.bss.organizations.timezones import UnknownTimeZoneError, day_in, require_time_zone
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


class SettingsRefusedError(Exception):
    """A root organisation cannot have these settings; the message says which, and what to do."""


class BaseDomainTakenError(SettingsRefusedError):
    """The domain for storefronts, one above it or a name below it belongs to somebody else."""

    def __init__(self, domain: str) -> None:
        super().__init__(
            f"base domain {domain} is not free: it is the same as, lies below or contains a base domain or host that "
            "another distributor or a tenant has; choose another one, or have its owner give it up first"
        )


@dataclass(frozen=True, slots=True)
class Distributor:
    """A root organisation, as far as its tenants need to know it."""

    id: UUID
    display_name: str
    country: str
    time_zone: str
    currency: str
    storefront_domain: str | None

    def today(self, now: datetime) -> date:
        """Return today's date in the distributor's time zone, by which its price lists are valid."""
        return day_in(self.time_zone, now)


def find_distributor(connection: Connection, namespace: str, name: str) -> Distributor | None:
    """Find the root organisation that a Distributor resource of this namespace and name stands for."""
    row = connection.execute(_SQL["find_distributor"], {"namespace": namespace, "name": name}).one_or_none()
    return None if row is None else Distributor(*row)


def declare_distributor(
    connection: Connection, namespace: str, name: str, settings: DistributorSettings, *, ids: Ids, now: datetime
) -> UUID:
    """Make the root organisation and its settings what is declared, and return its id.

    Repeatable: a row is written only when it differs, and what is no longer declared is removed. An organisation that
    has the namespace and name already is adopted.

    Raises:
        SettingsRefusedError: an unknown time zone or country, a product type on two platforms, another currency than
            the organisation was made with, or a domain for storefronts that is none or belongs to somebody else.
    """
    _refuse_what_cannot_be(settings)
    _refuse_unknown_countries(connection, settings.countries | {settings.country})
    declared = {
        "namespace": namespace,
        "name": name,
        "display_name": settings.display_name,
        "country": settings.country,
        "time_zone": settings.time_zone,
        "currency": settings.currency,
    }
    connection.execute(_SQL["declare_root"], declared | {"new_id": ids(), "now": now})
    organization_id = _found_in_currency(connection, namespace, name, settings.currency)
    _reserve(connection, organization_id, settings.storefront_domain)
    document = json.dumps(asdict(settings), default=_as_json)
    connection.execute(
        _SQL["declare_settings"],
        {"organization_id": organization_id, "settings": document},
    )
    return organization_id


def _refuse_what_cannot_be(settings: DistributorSettings) -> None:
    try:
        require_time_zone(settings.time_zone)
    except UnknownTimeZoneError as error:
        raise SettingsRefusedError(str(error)) from None
    fault = host_fault(settings.storefront_domain) if settings.storefront_domain is not None else None
    if fault is not None:
        raise SettingsRefusedError(f"base domain {fault}")
    platform_of: dict[str, str] = {}
    for platform in settings.platforms:
        for product_type in sorted(platform.product_types):
            other = platform_of.setdefault(product_type, platform.name)
            if other != platform.name:
                raise SettingsRefusedError(
                    f"product type {product_type!r} is declared for the platforms {other!r} and {platform.name!r}: "
                    "leave it to one of them"
                )


def _refuse_unknown_countries(connection: Connection, codes: frozenset[str]) -> None:
    known = connection.execute(_SQL["list_known_countries"], {"codes": list(codes)}).scalars()
    unknown = sorted(codes - set(known))
    if unknown:
        raise SettingsRefusedError(
            f"no country has the code {', '.join(unknown)}: give codes of ISO 3166-1, such as GR"
        )


def _found_in_currency(connection: Connection, namespace: str, name: str, currency: str) -> UUID:
    found = connection.execute(_SQL["find_currency"], {"namespace": namespace, "name": name}).one()
    if found.currency != currency:
        raise SettingsRefusedError(
            f"the distributor's currency is {found.currency} and cannot become {currency}: "
            f"set {found.currency} again, or declare another Distributor for {currency}"
        )
    organization_id: UUID = found.id
    return organization_id


def _reserve(connection: Connection, organization_id: UUID, domain: str | None) -> None:
    try:
        reserve_base_domain(connection, organization_id, domain)
    except HostTakenError as taken:
        raise BaseDomainTakenError(str(domain)) from taken


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a settings document")
