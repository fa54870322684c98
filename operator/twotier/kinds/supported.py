"""What may be declared already although nothing acts on it yet: it is refused, never ignored."""

from twotier.kinds.backorder_policy.declaration import BackorderPolicySpec
from twotier.kinds.price_list.declaration import Guards, PriceListSpec
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.reseller_upgrade.declaration import ResellerUpgradeSpec
from twotier.kinds.schema.spec import Spec


def unsupported(spec: Spec) -> tuple[str, ...]:
    """Return the paths of the fields that are set and have no effect in this version; () when all have one.

    A kind that has no effect at all is "spec".
    """
    match spec:
        case PriceListSpec():
            found = _price_list(spec)
        case PriceListAssignmentSpec():
            found = _price_list_assignment(spec)
        case BackorderPolicySpec() | ResellerUpgradeSpec():
            found = {"spec": True}
        case _:
            found = {}
    return tuple(path for path, is_set in found.items() if is_set)


def _price_list(spec: PriceListSpec) -> dict[str, bool]:
    columns = spec.format.columns
    return {
        "spec.source.artifact": spec.source.artifact is not None,
        "spec.format.type": spec.format.type == "JSONLines",
        "spec.format.preset": spec.format.preset == "microsoft-nce",
        "spec.format.columns.validFrom": columns is not None and columns.valid_from is not None,
        "spec.format.columns.validUntil": columns is not None and columns.valid_until is not None,
        "spec.format.rowFilter": bool(spec.format.row_filter),
        "spec.guards": spec.guards not in (None, Guards()),
        "spec.acceptedDigest": spec.accepted_digest is not None,
        "spec.maxAge": spec.max_age is not None,
    }


def _price_list_assignment(spec: PriceListAssignmentSpec) -> dict[str, bool]:
    return {
        "spec.approval": spec.approval != "Automatic",
        "spec.approvedPlan": spec.approved_plan is not None,
        "spec.restoreRun": spec.restore_run is not None,
    }
