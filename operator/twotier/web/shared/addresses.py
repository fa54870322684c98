"""Where a request comes from."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from fastapi import Request

from twotier.web.settings import Network

UNKNOWN: Final = "unknown"
OF_ONE_CLIENT: Final = 64
"""Bits of an IPv6 address: whoever has one has the rest of its network."""


def client_of(request: Request, trusted: Sequence[Network]) -> str:
    """Return the address that a request comes from: what connected, or, if that is a trusted proxy, what it names.

    Args:
        request: whose header X-Forwarded-For anybody may have written, except for what trusted proxies have added.
        trusted: the networks of proxies.
    """
    client = request.client.host if request.client else UNKNOWN
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for named in reversed(forwarded):
        address = _read(client)
        if address is None or not any(address in network for network in trusted) or _read(named) is None:
            break
        client = named
    return _group(client)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _group(text: str) -> str:
    address = _read(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, OF_ONE_CLIENT), strict=False))
    return str(address or text)
