"""The operator of a test is a process like any other: it ends well, can be killed, and starts again."""

from collections.abc import Callable

import pytest

from twotier.dev.controlplane import audit
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import USER
from twotier.dev.operator import STANDBY, Operator
from twotier.dev.processes import ComponentFailedError


def test_an_operator_with_nothing_to_do_writes_its_lease_alone(control_plane: ControlPlane, operator: Operator) -> None:
    seen = len(audit.writes(control_plane.audit_log, USER))
    operator.stop()
    resources = {write.resource for write in audit.writes(control_plane.audit_log, USER)[seen:]}
    assert resources == {"leases"}


def test_an_operator_shows_its_figures(operator: Operator) -> None:
    assert "twotier_leader 1.0" in operator.metrics()


def test_an_operator_that_was_killed_is_followed_by_the_one_that_stood_by(
    operator: Operator, make_operator: Callable[[], Operator]
) -> None:
    follower = make_operator()
    follower.start(until=STANDBY)
    operator.kill()
    assert not operator.running
    follower.wait_until_leading()
    operator.start(until=STANDBY)


def test_an_operator_that_cannot_start_is_an_error_with_the_end_of_its_log(
    make_operator: Callable[[], Operator],
) -> None:
    with pytest.raises(ComponentFailedError, match=r"(?s)twotier operator ended with status 1 while.*TWOTIER_WORKERS"):
        make_operator().start({"TWOTIER_WORKERS": "none"})
