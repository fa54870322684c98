"""Names of hosts: their one spelling, and what to publish to prove that one is a tenant's own."""

import hmac
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

LABEL: Final = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
HOST_NAME: Final = rf"({LABEL}\.)+[a-z]([-a-z0-9]{{0,61}}[a-z0-9])?"
"""The one spelling of a name: what DNS takes for the same, such as capitals or a dot at the end, is refused."""
CHALLENGE: Final = "_twotier-challenge."
LONGEST: Final = 253


@dataclass(frozen=True, slots=True)
class Challenge:
    """The DNS record by which a tenant proves that a host is its own: a TXT record's name and value."""

    record: str
    value: str


def challenge(key: UUID, account: str, host: str) -> Challenge:
    """Return what to publish for a host.

    The same at all times, and of no use to another tenant or for another host.

    Args:
        key: the distributor's own, made at random.
        account: number of the tenant's account at that distributor.
        host: in its one spelling.
    """
    token = hmac.digest(key.bytes, f"{account}\n{host}".encode(), "sha256").hex()
    return Challenge(f"{CHALLENGE}{host}", f"twotier-verification={token[:40]}")


def host_fault(name: str) -> str | None:
    """Say what is wrong with the name of a host or a base domain; None if nothing is."""
    if re.fullmatch(HOST_NAME, name) is None:
        return (
            f"{name} is no host name: write at least two labels of lower-case letters, digits and '-', such as "
            "shop.example.com, and names in other scripts in their form xn--…"
        )
    if len(CHALLENGE + name) > LONGEST:
        return f"{name} is too long: choose a host name of at most {LONGEST - len(CHALLENGE)} characters"
    return None
