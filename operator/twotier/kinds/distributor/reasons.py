"""Reasons that conditions of a Distributor give, beside those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a Distributor is as it is."""

    APPLIED = "Applied"
    """The root organisation is as declared."""
