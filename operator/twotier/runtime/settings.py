"""Every setting of a process, read from the environment in one place."""

import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Self, get_type_hints
from urllib.parse import urlsplit

from twotier.limits import MEBIBYTE, Limits

PREFIX: Final = "TWOTIER_"
DNS_PORT: Final = 53
INSTALLATION: Final = "twotier-system"
"""The namespace that TwoTier is installed in by default."""


class SettingsError(Exception):
    """An environment variable cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read and documented.

    Attributes:
        read: turns the variable's text into the value; raises ValueError for a value that the setting does not take.
        takes: the values it takes, for a message and for the reference page.
        doc: what it is for.
    """

    read: Callable[[str], object]
    takes: str
    doc: str


@dataclass(frozen=True, slots=True)
class NameServer:
    """A server that answers for DNS, by its IP address."""

    address: str
    port: int


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range, both ends included."""

    def read(text: str) -> int:
        number = int(text)
        if not lowest <= number <= highest:
            raise ValueError(text)
        return number

    return read


def _seconds(text: str) -> timedelta:
    seconds = float(text)
    if not 0 < seconds < timedelta.max.total_seconds():
        raise ValueError(text)
    return timedelta(seconds=seconds)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)


def read_name_servers(text: str) -> tuple[NameServer, ...]:
    """Read name servers from their addresses."""
    return tuple(_name_server(name) for name in _names(text))


def _name_server(text: str) -> NameServer:
    parts = urlsplit(f"//{text}")
    return NameServer(str(ip_address(parts.hostname or "")), parts.port or DNS_PORT)


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader of one of these words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _identity() -> str:
    # Not only the host's name: a restarted process must not pass for its predecessor.
    return f"{socket.gethostname()}-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """Settings of every process; each is the environment variable TWOTIER_<NAME>."""

    kubeconfig: Annotated[
        Path | None, Setting(Path, "a path", "The kubeconfig to use; the pod's ServiceAccount when not set.")
    ] = None
    shutdown_grace: Annotated[
        timedelta,
        Setting(_seconds, "a number of seconds", "How long work in progress may take after SIGTERM."),
    ] = timedelta(seconds=20)
    host: Annotated[str, Setting(str, "an address", "The address that it listens on.")] = "0.0.0.0"  # noqa: S104 -- the kubelet and Prometheus call from outside the pod
    port: Annotated[
        int, Setting(whole(0, 65535), "a port", "The port that it listens on; 0 takes a free one, which is logged.")
    ] = 8080
    log_level: Annotated[
        str, Setting(one_of("debug", "info", "warning", "error"), "debug, info, warning or error", "The log level.")
    ] = "info"
    log_format: Annotated[
        str,
        Setting(
            one_of("auto", "json", "console"),
            "auto, json or console",
            "The log format; auto is console on a terminal and JSON elsewhere.",
        ),
    ] = "auto"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; those that are not set, or are empty, keep their defaults.

        Raises:
            SettingsError: a variable has a value that its setting does not take.
        """
        given = {name: environment.get(variable(name), "") for name in described(cls)}
        values: dict[str, Any] = {
            name: _read(name, setting, given[name]) for name, setting in described(cls).items() if given[name]
        }
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettings(ProcessSettings):
    """The settings of a process that imports files, or tries imports out."""

    max_rows: Annotated[
        int,
        Setting(
            whole(1, 100_000_000),
            "a whole number from 1 to 100000000",
            "The most rows that one import may have, not counting those that its row filter leaves out or that are not "
            "valid. It keeps about 500 bytes for each on the database's disk while it runs, and two large ones run at "
            "once.",
        ),
    ] = Limits().rows
    max_plain_size: Annotated[
        int,
        Setting(
            whole(1, 65_536),
            "a number of MiB from 1 to 65536",
            "The most MiB that all files of one import may have, decompressed.",
        ),
    ] = Limits().total // MEBIBYTE

    @property
    def limits(self) -> Limits:
        """How much one list may hold."""
        return Limits(rows=self.max_rows, total=self.max_plain_size * MEBIBYTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ImportSettings):
    """The operator's settings."""

    namespaces: Annotated[
        tuple[str, ...],
        Setting(_names, "names, separated by commas", "The namespaces to watch; all when not set."),
    ] = ()
    workers: Annotated[
        int,
        Setting(
            whole(1, 256),
            "a whole number from 1 to 256",
            "How many resources are reconciled at once; of several namespaces, one has at most half of them.",
        ),
    ] = 16
    sweep_interval: Annotated[
        timedelta,
        Setting(_seconds, "a number of seconds", "How often every resource is reconciled again, give or take half."),
    ] = timedelta(minutes=10)
    lease_namespace: Annotated[
        str | None, Setting(str, "a name", "The namespace of the Lease; that of the credentials when not set.")
    ] = None
    lease_name: Annotated[str, Setting(str, "a name", "The Lease that operators compete for.")] = "twotier-operator"
    lease_duration: Annotated[
        int,
        Setting(whole(3, 3600), "whole seconds from 3 to 3600", "How long a silent leader keeps the lead."),
    ] = 15
    identity: Annotated[
        str,
        Setting(
            str, "a name", "The name of this process in the Lease; the host's name and a random suffix when not set."
        ),
    ] = field(default_factory=_identity)


def described(settings: type[ProcessSettings]) -> Mapping[str, Setting]:
    """Return how each setting of a process is read and described, by its field's name."""
    hints = get_type_hints(settings, include_extras=True)
    return {each.name: hints[each.name].__metadata__[0] for each in fields(settings)}


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def _read(name: str, setting: Setting, text: str) -> object:
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingsError(f"{variable(name)} is {text!r}; it takes {setting.takes}.") from error
