"""Reasons for conditions of a Distributor, in addition to those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a Distributor has its status."""

    APPLIED = "Applied"
    """The root organisation is as declared."""
    BASE_DOMAIN_TAKEN = "BaseDomainTaken"
    """The base domain, one above it or a name below it belongs to another distributor or a tenant."""
