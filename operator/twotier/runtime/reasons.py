"""Reasons that a condition of any kind can give; each kind has its own beside them.

People, dashboards and pipelines match on these words.
"""

from enum import StrEnum


class CommonReason(StrEnum):
    """Why a condition is as it is."""

    SUSPENDED = "Suspended"
    """`spec.suspend` is set: everything stays as it is."""
    INVALID_SPEC = "InvalidSpec"
    """A field of the spec cannot be used; the message names it."""
    NOT_YET_SUPPORTED = "NotYetSupported"
    """Something is declared that has no effect in this version; it is refused rather than ignored."""
    DEPENDENCY_NOT_FOUND = "DependencyNotFound"
    """A resource that it refers to does not exist."""
    DEPENDENCY_NOT_READY = "DependencyNotReady"
    """A resource that it refers to is not ready."""
    DATABASE_UNAVAILABLE = "DatabaseUnavailable"
    """PostgreSQL cannot be reached; it is tried again by itself. What was in force before stays so."""
    API_SERVER_UNAVAILABLE = "ApiServerUnavailable"
    """The Kubernetes API server did not answer; it is tried again by itself. What was in force before stays so."""
    PROGRESSING = "Progressing"
    """It is being worked on."""
    PROGRESSING_WITH_RETRY = "ProgressingWithRetry"
    """Something stands in the way, and it is tried again by itself."""
    RECONCILE_FAILED = "ReconcileFailed"
    """An error that nobody foresaw; the operator's log has it. It is tried again by itself."""
    TERMINATING = "Terminating"
    """It is being deleted."""
