"""Reasons for conditions of a Distributor, in addition to those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a Distributor has its status."""

    APPLIED = "Applied"
    """The root organisation is as declared."""
