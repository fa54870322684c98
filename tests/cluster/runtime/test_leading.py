"""Several operators, one leader; and how one ends."""

import os
import signal
import subprocess

import pytest

from twotier.dev.listening import HOST

from .conftest import Operators, ToyOperator, Toys, eventually


def test_of_two_operators_one_works_and_the_other_takes_over_when_it_is_killed(
    toys: Toys, operators: Operators
) -> None:
    first = operators.lead(TWOTIER_IDENTITY="first")
    second = operators.start(TWOTIER_IDENTITY="second")
    assert (first.phase(), second.phase(), toys.holder()) == ("leading", "standby", "first")

    first.process.kill()
    toys.apply("a", text="hello")

    toys.await_condition("a", "True", "Applied")
    assert (second.phase(), toys.holder()) == ("leading", "second")
    assert toys.status("a")["epoch"] == 2


def test_a_leader_that_is_told_to_stop_hands_over_at_once(toys: Toys, operators: Operators) -> None:
    first = operators.lead(TWOTIER_LEASE_DURATION="3600")
    second = operators.start(TWOTIER_IDENTITY="second")

    assert first.stop() == 0

    eventually(lambda: toys.holder() == "second", "the second took over although the lease was for an hour")
    assert second.process.status is None


def test_a_standby_that_is_told_to_stop_does(operators: Operators) -> None:
    operators.lead()
    standby = operators.start()

    assert standby.stop() == 0


def test_a_leader_whose_lease_is_taken_ends_with_a_failure(toys: Toys, operator: ToyOperator) -> None:
    toys.run("patch", "lease", "toys", "--type=merge", '--patch={"spec":{"holderIdentity":"usurper"}}')

    assert operator.process.wait() == 1
    assert "another operator leads" in operator.log.read_text(encoding="utf-8")
    assert toys.holder() == "usurper"


def test_a_leader_that_was_stopped_for_too_long_writes_nothing_when_it_wakes(toys: Toys, operators: Operators) -> None:
    first = operators.lead(TWOTIER_IDENTITY="first")
    second = operators.start(TWOTIER_IDENTITY="second")
    first.process.signal(signal.SIGSTOP)
    toys.apply("a", text="hello")
    toys.await_condition("a", "True", "Applied")
    written = [write for write in toys.writes() if write.resource == "toys/status"]

    first.process.signal(signal.SIGCONT)

    assert first.process.wait() == 1
    assert second.phase() == "leading"
    assert [write for write in toys.writes() if write.resource == "toys/status"] == written


def test_a_stopped_operator_leaves_no_process(toys: Toys, operator: ToyOperator) -> None:
    toys.apply("a", ends="crashed")
    toys.await_condition("a", "False", "ReconcileFailed")

    assert operator.stop() == 0

    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert not [line for line in running.splitlines() if str(toys.folder) in line]
    assert toys.holder() == ""


def test_a_taken_port_is_named(operators: Operators, operator: ToyOperator) -> None:
    port = operator.url.rpartition(":")[2]

    status, output = ended(operators, TWOTIER_PORT=port)

    assert status == 1
    assert f"{HOST}" in output
    assert port in output


@pytest.mark.parametrize(
    ("plural", "message"),
    [
        pytest.param(
            "gadgets", "does not know gadgets.twotier.dev: apply the project's crds/ first", id="not installed"
        ),
        pytest.param("widgets", "Grant the operator the rights in manifests/", id="forbidden"),
    ],
)
def test_a_kind_that_cannot_be_watched_is_named(operators: Operators, plural: str, message: str) -> None:
    status, output = ended(operators, TOY_PLURAL=plural, TWOTIER_PORT="0")

    assert status == 1
    assert message in output
    assert plural in output


def ended(operators: Operators, **settings: str) -> tuple[int, str]:
    """Run an operator that ends by itself."""
    command = operators.command(0)
    environment = {**os.environ, **command.environment, **settings}
    answer = subprocess.run(command.arguments, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return answer.returncode, answer.stderr
