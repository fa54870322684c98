"""What is declared of a tenant reseller."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from twotier.bss.organizations.host_names import LABEL, host_fault


class Edition(StrEnum):
    """What a tenant is licensed for: Premium has a storefront too."""

    BASIC = "Basic"
    PREMIUM = "Premium"


@dataclass(frozen=True, slots=True)
class Account:
    """The reseller's account in the books of the distributor.

    The country (ISO 3166-1) is that of the billing address. `links` says what the reseller is called on each
    provisioning platform that knows it.
    """

    number: str
    name: str
    country: str | None = None
    ordering_enabled: bool = True
    email: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first user of a tenant."""

    email: str | None
    first_name: str | None = None
    last_name: str | None = None


class Proof(StrEnum):
    """Whether a host is known to be a tenant's own."""

    SHOWN = "shown"
    """DNS shows it."""
    MISSING = "missing"
    """DNS does not show it."""
    UNANSWERED = "unanswered"
    """DNS could not be asked."""
    WAIVED = "waived"
    """This installation asks for no proof."""

    @property
    def suffices(self) -> bool:
        """Whether the host may be reserved."""
        return self in (Proof.SHOWN, Proof.WAIVED)


@dataclass(frozen=True, slots=True)
class Storefront:
    """Where a tenant's storefront is, by exactly one of alias and host, and how it looks (a JSON document).

    Attributes:
        proof: that the host is the tenant's own; asked for when it is reserved, not again while the tenant has it.
    """

    alias: str | None = None
    host: str | None = None
    branding: Mapping[str, object] = field(default_factory=dict)
    proof: Proof = Proof.MISSING

    def address(self, storefront_domain: str | None) -> str | None:
        """Return the host name, or None for an alias below a distributor who has no domain for storefronts."""
        if self.host is not None:
            return self.host
        return f"{self.alias}.{storefront_domain}" if storefront_domain else None

    def fault(self, storefront_domain: str | None) -> str | None:
        """Say what is wrong with the address; None if nothing is, or if it cannot be told."""
        if self.alias is not None and re.fullmatch(LABEL, self.alias) is None:
            return f"alias {self.alias} is no label of a host name: write lower-case letters, digits and '-'"
        address = self.address(storefront_domain)
        return None if address is None else host_fault(address)


@dataclass(frozen=True, slots=True)
class TenantDeclaration:
    """A tenant reseller and the price list that an assignment gives it.

    Attributes:
        time_zone: IANA's name; None for the distributor's.
        billing_day: of the month, at the distributor; the last one in shorter months.
        storefront: with the Premium edition only.
        price_list: name of the list at the distributor; None while no assignment names the tenant.
        revision: of the list, when the assignment pins one; None for the newest.
        not_assigned_yet: why the assignment, though it is there, gives no first catalogue, and what to do; None if it
            does. Who has a catalogue keeps it, whatever this says.
        contested_by: the older live resource that declares the same account, as people know it.
    """

    account: Account
    edition: Edition
    administrator: Administrator
    language: str = "en"
    time_zone: str | None = None
    date_format: str = "yyyy-MM-dd"
    separate_invoices: bool = False
    billing_day: int = 1
    storefront: Storefront | None = None
    price_list: str | None = None
    revision: int | None = None
    not_assigned_yet: str | None = None
    contested_by: str | None = None
