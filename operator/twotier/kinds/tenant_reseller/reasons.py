"""Reasons for conditions of a TenantReseller, in addition to those of every kind."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition of a TenantReseller has its status."""

    CHECKLIST_FAILED = "ChecklistFailed"
    """The tenant cannot be created: checklist items failed; each has its remedy."""
    CHECKLIST_PASSED = "ChecklistPassed"
    """All items of the checklist passed."""
    OWNED_BY_ANOTHER = "OwnedByAnother"
    """An older resource declares the same account."""
    TENANT_ACTIVE = "TenantActive"
    """The tenant is active."""
    TENANT_SUSPENDED = "TenantSuspended"
    """The tenant is suspended, as declared."""
    STOREFRONT_PENDING = "StorefrontPending"
    """The address of the storefront is reserved, but nothing is served there yet."""
    STOREFRONT_ADDRESS_TAKEN = "StorefrontAddressTaken"
    """Another tenant or a distributor has the address of the storefront."""
    STOREFRONT_HOST_UNPROVED = "StorefrontHostUnproved"
    """Nothing shows yet that the storefront's host is the tenant's own; the message says what to publish."""
    SECRET_NOT_OURS = "SecretNotOurs"  # noqa: S105 -- the word for a Secret, not one
    """A Secret with the name for the credentials exists, but is not TwoTier's."""
    SECRETS_FORBIDDEN = "SecretsForbidden"
    """The operator has no right to write Secrets in the namespace; the message has the command that grants it."""
