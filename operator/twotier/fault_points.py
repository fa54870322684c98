"""Named points at which a test may kill the process, to prove that the run after it ends in the same state."""

import os
import signal
from typing import Final

ENVIRONMENT_VARIABLE: Final = "TWOTIER_FAULT"

FAULT_POINTS: Final = frozenset(
    {
        "price_list.import.before_commit",
        "price_list.import.after_commit",
        "price_list.hold.before_commit",
        "price_list.accept.before_commit",
        "catalogue.plan.before_commit",
        "catalogue.apply.before_commit",
        "catalogue.apply_approved.before_commit",
        "catalogue.undo.before_commit",
        "catalogue.refuse.before_commit",
        "catalogue.apply.after_commit",
        "tenant.provision.organization",
        "tenant.provision.groups",
        "tenant.provision.administrator",
        "tenant.provision.taxes",
        "tenant.provision.payment_methods",
        "tenant.provision.automatic_invoicing",
        "tenant.provision.platforms",
        "tenant.credentials.after_secret",
        "tenant.credentials.before_commit",
        "tenant.activate",
        "tenant.activate.after_commit",
        "tenant.erase",
        "tenant.delete.after_commit",
    }
)


def fault_point(name: str) -> None:
    """Die here by SIGKILL if the environment names this point; otherwise do nothing.

    Raises:
        KeyError: the point is not declared in FAULT_POINTS, so no test would ever reach it.
    """
    if name not in FAULT_POINTS:
        raise KeyError(name)
    if os.environ.get(ENVIRONMENT_VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
