"""Where a request comes from, by what connected and by what proxies say."""

from ipaddress import ip_network

import pytest
from fastapi import Request

from twotier.web.shared.addresses import client_of

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("connected", "forwarded", "address"),
    [
        pytest.param("192.0.2.1", [], "192.0.2.1", id="straight"),
        pytest.param("192.0.2.1", ["198.51.100.9"], "192.0.2.1", id="what anybody says is not believed"),
        pytest.param("10.0.0.1", ["198.51.100.9"], "198.51.100.9", id="what a trusted proxy says is"),
        pytest.param("10.0.0.1", ["203.0.113.5, 198.51.100.9"], "198.51.100.9", id="not what it was told"),
        pytest.param("10.0.0.1", ["198.51.100.9, 10.0.0.2"], "198.51.100.9", id="through two trusted proxies"),
        pytest.param("10.0.0.1", ["198.51.100.9", "10.0.0.2"], "198.51.100.9", id="in two headers"),
        pytest.param("10.0.0.1", ["nonsense"], "10.0.0.1", id="a proxy that says nothing of use"),
        pytest.param("10.0.0.1", [], "10.0.0.1", id="a proxy that says nothing"),
        pytest.param("2001:db8::1:2:3:4", [], "2001:db8::/64", id="a client with a network of its own"),
        pytest.param("::ffff:192.0.2.1", [], "192.0.2.1", id="an address of IPv4 in IPv6"),
        pytest.param(None, [], "unknown", id="no address at all"),
    ],
)
def test_the_address_of_a_client(connected: str | None, forwarded: list[str], address: str) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "headers": headers, "client": connected and (connected, 1)}
    assert client_of(Request(scope), TRUSTED) == address
