"""Reasons that conditions of a PriceList give, beside those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a PriceList is as it is."""

    IMPORTED = "Imported"
    """The source is imported; it may have been the same as before."""
    SOURCE_NOT_FOUND = "SourceNotFound"
    """The source, or the file in it, does not exist."""
    SOURCE_NOT_READY = "SourceNotReady"
    """The source of Flux has no artifact yet, or Flux has not acted upon its spec."""
    SOURCE_UNREACHABLE = "SourceUnreachable"
    """The artifact cannot be fetched; it is tried again by itself. What was imported before still serves."""
    SOURCE_INCOMPLETE = "SourceIncomplete"
    """The files of the source do not fit together yet, or could be of several versions."""
    SOURCE_REFUSED = "SourceRefused"
    """The source has faults; nothing of it was imported. `Accepted` has the reason, the message the lines."""
    HELD = "Held"
    """The guards hold what the source says; `Accepted` has the reason. What was accepted before still serves."""
    WITHIN_MAX_AGE = "WithinMaxAge"
    """The last good import is younger than `spec.maxAge`."""
    OLDER_THAN_MAX_AGE = "OlderThanMaxAge"
    """No new file was let through for longer than `spec.maxAge`."""
    NEVER_IMPORTED = "NeverImported"
    """No file was let through yet."""
    CURRENCY_MISMATCH = "CurrencyMismatch"
    """The list has prices in another currency than the one that is declared."""
