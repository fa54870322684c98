"""Which servers files are fetched from: those that whoever runs the operator names, and no others."""

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

PORTS: Final = {"http": 80, "https": 443}
PATH: Final = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", re.ASCII)
"""Nothing that a server could take for something else: no escapes, no dot segments, no query."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file is, on a server that is named."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL, put together anew from what was checked, so that nobody reads it in another way."""
        return f"{self.scheme}://{_bracketed(self.host)}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Named servers.

    Attributes:
        named: names without the final dot, in lower case, and ports; None is the port that belongs to the protocol.
    """

    named: tuple[tuple[str, int | None], ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read names with or without a port, separated by commas.

        Raises:
            ValueError: a name is not one.
        """
        return cls(tuple(_named(part.strip()) for part in text.split(",") if part.strip()))

    def __str__(self) -> str:
        return ", ".join(_bracketed(host) + ("" if port is None else f":{port}") for host, port in self.named)

    def address(self, url: str) -> Address | None:
        """Return where a URL leads, or None if it does not plainly lead to a named server."""
        try:
            parts = urlsplit(url)
            port = PORTS[parts.scheme] if parts.port is None else parts.port
        except (KeyError, ValueError):
            return None
        host = (parts.hostname or "").removesuffix(".")
        usual = None if port == PORTS[parts.scheme] else port
        if not {(host, port), (host, usual)} & set(self.named):
            return None
        if "@" in parts.netloc or "?" in url or "#" in url or not PATH.fullmatch(parts.path):
            return None
        return Address(parts.scheme, host, port, parts.path)


NOWHERE: Final = Hosts(())


def _named(text: str) -> tuple[str, int | None]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.netloc != text or "@" in text:
        raise ValueError(text)
    return parts.hostname.removesuffix("."), parts.port


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
