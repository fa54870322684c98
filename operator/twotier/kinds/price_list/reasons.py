"""Reasons for conditions of a PriceList, in addition to those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a PriceList has its status."""

    IMPORTED = "Imported"
    """The source is imported; its content may be unchanged."""
    SOURCE_NOT_FOUND = "SourceNotFound"
    """The source, or the file in it, does not exist."""
    SOURCE_NOT_READY = "SourceNotReady"
    """The Flux source has no artifact yet, or Flux has not reconciled its spec yet."""
    SOURCE_NOT_ALLOWED = "SourceNotAllowed"
    """The Flux source names an address that artifacts are not fetched from, or another source's artifact."""
    FETCHING = "Fetching"
    """The artifact is being fetched, or waits for its turn."""
    SOURCE_UNREACHABLE = "SourceUnreachable"
    """The artifact cannot be fetched; the operator retries. The last accepted revision stays in force."""
    SOURCE_INCOMPLETE = "SourceIncomplete"
    """The files of the source do not match yet, or may be of different versions."""
    SOURCE_REFUSED = "SourceRefused"
    """The source has faults; nothing was imported. `Accepted` gives the reason, its message the lines."""
    HELD = "Held"
    """The guards hold the content of the source; `Accepted` gives the reason. The last revision stays in force."""
    WITHIN_MAX_AGE = "WithinMaxAge"
    """The last good import is younger than `spec.maxAge`."""
    OLDER_THAN_MAX_AGE = "OlderThanMaxAge"
    """No new file has been accepted for longer than `spec.maxAge`."""
    NEVER_IMPORTED = "NeverImported"
    """No file has been accepted yet."""
    CURRENCY_MISMATCH = "CurrencyMismatch"
    """The list has prices in a currency other than the declared one."""
