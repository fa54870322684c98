"""What waits for a person or for its time is left alone, too: a restart is no write in any of these states."""

import re

import pytest
from kubernetes import client
from tests.shop import DISK, MAIL, Shop, assignment, distributor, eventually, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import USER
from twotier.dev.operator import Operator

DEARER = "MAIL,month,5,Mail,6.00"
GUARDED = {"guards": {"maxRemovedPercent": 25}}
PATIENT = {"guards": {"maxRemovedPercent": 100, "discontinueAfter": "9d"}, "maxAge": "9d"}
TENANTS = ("awaiting", "shown", "suspended", "mistaken", "back", "frozen", "astray", "orphaned")

FIRST = (
    distributor(),
    price_list("retail", MAIL, DISK),
    price_list("gone", MAIL, DISK),
    price_list("cut-off", MAIL, DISK, **GUARDED),
    price_list("patient", MAIL, DISK, **PATIENT),
    price_list("aged", MAIL, maxAge="1s"),
    *(tenant(name) for name in TENANTS),
    *(assignment(name, priceList="gone" if name == "orphaned" else "retail") for name in TENANTS),
)
THEN = (
    tenant("suspended", state="Suspended"),
    assignment("awaiting", approval="Manual"),
    assignment("shown", approval="Never"),
    assignment("mistaken", approval="Manual", approvedPlan="sha256:0"),
    assignment("frozen", restoreRun=1, approval="Manual"),
    assignment("astray", restoreRun=7),
    price_list("cut-off", MAIL, **GUARDED),
    price_list("patient", MAIL, **PATIENT),
    price_list("small", MAIL, guards={"minRows": 2}),
)
MIDWAY = (
    ("PriceList", "cut-off", "Ready", "True", "Held"),
    ("PriceList", "patient", "Fresh", "True", "WithinMaxAge"),
    ("PriceList", "aged", "Fresh", "False", "OlderThanMaxAge"),
    ("PriceList", "small", "Stalled", "True", "Held"),
    ("TenantReseller", "orphaned", "Prepared", "False", "ChecklistFailed"),
    ("PriceListAssignment", "awaiting", "UpToDate", "False", "AwaitingApproval"),
    ("PriceListAssignment", "shown", "UpToDate", "False", "ShownOnly"),
    ("PriceListAssignment", "suspended", "UpToDate", "False", "TenantSuspended"),
    ("PriceListAssignment", "mistaken", "PlanApproved", "False", "ApprovalRefused"),
    ("PriceListAssignment", "back", "UpToDate", "False", "Restored"),
    ("PriceListAssignment", "frozen", "UpToDate", "False", "Restored"),
    ("PriceListAssignment", "astray", "Stalled", "True", "RunNotFound"),
    ("PriceListAssignment", "orphaned", "UpToDate", "Unknown", "DependencyNotFound"),
)


@pytest.fixture
def shop(
    operator: Operator,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    namespace: str,
    database_url: str,
) -> Shop:
    """Lists and assignments that are each at another point of their way."""
    shop = Shop(cluster, kubernetes, namespace, database_url)
    shop.apply(*FIRST)
    shop.await_ready(*FIRST)
    shop.apply(*THEN)
    shop.await_condition("TenantReseller", "suspended", "True", "TenantSuspended")
    shop.apply(price_list("retail", DEARER, DISK))
    shop.await_status("PriceListAssignment", "back", "run", 2)
    shop.apply(assignment("back", restoreRun=1))
    shop.delete("PriceList", "gone")
    # A tenant that has its catalogue is not woken by changes of its list.
    shop.kubectl("annotate", "tr", "orphaned", "reconcile.fluxcd.io/requestedAt=now")
    for kind, name, type_, status, reason in MIDWAY:
        shop.await_condition(kind, name, status, reason, type_)
    return shop


def reconciles(operator: Operator) -> int:
    samples = re.findall(r"^twotier_reconciles_total\{.*\} (\S+)$", operator.metrics(), re.MULTILINE)
    return sum(int(float(number)) for number in samples)


def test_a_restart_and_its_sweeps_are_no_write(shop: Shop, operator: Operator, control_plane: ControlPlane) -> None:
    def written() -> list[Write]:
        return [write for write in writes(control_plane.audit_log, USER) if write.resource != "leases"]

    assert operator.stop() == 0
    before, rows = written(), shop.counts()
    operator.start({"TWOTIER_SWEEP_INTERVAL": "0.5"})
    eventually(lambda: reconciles(operator) >= 3 * (len(FIRST) + 1), lambda: str(reconciles(operator)))

    assert written() == before
    assert shop.counts() == rows
