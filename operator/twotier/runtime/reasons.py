"""Reasons for conditions of every kind; each kind has its own in addition.

People, dashboards and pipelines match on these words.
"""

from enum import StrEnum


class CommonReason(StrEnum):
    """Why a condition has its status."""

    SUSPENDED = "Suspended"
    """`spec.suspend` is set: nothing is reconciled."""
    INVALID_SPEC = "InvalidSpec"
    """A field of the spec cannot be used; the message names it."""
    NOT_YET_SUPPORTED = "NotYetSupported"
    """A declared feature has no effect in this version; it is refused rather than ignored."""
    DEPENDENCY_NOT_FOUND = "DependencyNotFound"
    """A resource that it refers to does not exist."""
    DEPENDENCY_NOT_READY = "DependencyNotReady"
    """A resource that it refers to is not ready."""
    DATABASE_UNAVAILABLE = "DatabaseUnavailable"
    """PostgreSQL cannot be reached; the operator retries. The last state stays in force."""
    API_SERVER_UNAVAILABLE = "ApiServerUnavailable"
    """The Kubernetes API server did not answer; the operator retries. The last state stays in force."""
    OPERATOR_FORBIDDEN = "OperatorForbidden"
    """The API server does not let the operator do what it has to, or has just started and knows no rights yet; the
    operator retries. The last state stays in force."""
    PROGRESSING = "Progressing"
    """It is being reconciled."""
    PROGRESSING_WITH_RETRY = "ProgressingWithRetry"
    """Something stands in the way; the operator retries."""
    RECONCILE_FAILED = "ReconcileFailed"
    """An unexpected error, which is in the operator's log; the operator retries."""
    TERMINATING = "Terminating"
    """It is being deleted."""
