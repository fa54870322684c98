"""Every reason that a condition can give, in one place: people, dashboards and pipelines match on these words."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a condition is as it is."""

    # Any kind
    APPLIED = "Applied"
    SUSPENDED = "Suspended"
    INVALID_SPEC = "InvalidSpec"
    NOT_YET_SUPPORTED = "NotYetSupported"
    DEPENDENCY_NOT_FOUND = "DependencyNotFound"
    DEPENDENCY_NOT_READY = "DependencyNotReady"
    OWNED_BY_ANOTHER = "OwnedByAnother"
    PROGRESSING = "Progressing"
    PROGRESSING_WITH_RETRY = "ProgressingWithRetry"
    RECONCILE_FAILED = "ReconcileFailed"
    TERMINATING = "Terminating"
    DELETION_REFUSED = "DeletionRefused"

    # PriceList
    IMPORTED = "Imported"
    SOURCE_NOT_FOUND = "SourceNotFound"
    SOURCE_INCOMPLETE = "SourceIncomplete"
    SOURCE_REFUSED = "SourceRefused"
    CURRENCY_MISMATCH = "CurrencyMismatch"
    STALE = "Stale"
    FRESH = "Fresh"

    # TenantReseller
    CHECKLIST_FAILED = "ChecklistFailed"
    CHECKLIST_PASSED = "ChecklistPassed"
    TENANT_ACTIVE = "TenantActive"
    TENANT_SUSPENDED = "TenantSuspended"
    TENANT_NOT_ACTIVE = "TenantNotActive"
    STOREFRONT_PENDING = "StorefrontPending"
    STOREFRONT_ADDRESS_TAKEN = "StorefrontAddressTaken"
    SECRET_NOT_OURS = "SecretNotOurs"  # noqa: S105 -- the word for a Secret, not one

    # PriceListAssignment
    UP_TO_DATE = "UpToDate"
    UPDATE_AVAILABLE = "UpdateAvailable"
    NO_REVISION = "NoRevision"
    DISTRIBUTOR_MISMATCH = "DistributorMismatch"
    REVISION_NOT_FOUND = "RevisionNotFound"
    RUN_NOT_FOUND = "RunNotFound"
    AWAITING_APPROVAL = "AwaitingApproval"
    APPROVAL_NOT_NEEDED = "ApprovalNotNeeded"
    APPROVED = "Approved"
    NEVER_APPROVED = "NeverApproved"
