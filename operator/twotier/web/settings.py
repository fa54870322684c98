"""The settings of `twotier serve`."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Final

from twotier.runtime.settings import ImportSettings, Setting, variable, whole

Network = IPv4Network | IPv6Network

READ_URL_VARIABLE: Final = variable("read_database_url")


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings(ImportSettings):
    """The settings of `twotier serve`."""

    connections: Annotated[
        int,
        Setting(
            whole(2, 256),
            "a whole number from 2 to 256",
            "The maximum number of requests that read the database at once, a quarter of them all rows of something; "
            "others wait. A token gets half.",
        ),
    ] = 16
    metrics_port: Annotated[
        int,
        Setting(
            whole(0, 65535),
            "a port",
            "The port for probes (`/healthz`, `/readyz`) and `/metrics`; 0 takes a free one, which is logged.",
        ),
    ] = 8081
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Setting(
            _networks,
            "networks, separated by commas",
            "The proxies whose `X-Forwarded-For` says where a request comes from, such as `10.0.0.0/24`; failed "
            "attempts to sign in are limited by address. None when not set.",
        ),
    ] = ()
    # It may contain a password, so it is left out when settings are shown.
    read_database_url: Annotated[
        str | None,
        Setting(
            str,
            "a URL",
            "Where requests read, such as the standbys of `TWOTIER_DATABASE_URL`; dry runs always use the latter.",
        ),
    ] = field(default=None, repr=False)
    accounts_namespace: Annotated[
        str | None,
        Setting(
            str,
            "a name",
            "The namespace of the ServiceAccounts twotier-viewer and twotier-admin, the only ones with access; by "
            "default that of the credentials.",
        ),
    ] = None
