"""No process outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

from twotier.dev.processes import Command, ComponentFailedError, Process, running, wait_until

SLEEPER = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT_OF_SLEEPER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"
STARTS_AND_WAITS = """
    import sys, time
    from pathlib import Path
    from twotier.dev.processes import Command, running

    with running(Command(name="sleeper", arguments=[sys.executable, "-c", sys.argv[1]], grace=0.1), Path(sys.argv[2])):
        print("started", flush=True)
        try:
            time.sleep(600)
        finally:
            print("left", flush=True)
"""


def python(program: str, grace: float = 10.0) -> Command:
    return Command(name="python", arguments=[sys.executable, "-c", program], grace=grace)


def first_pid(log: Path) -> int:
    while not log.exists() or not log.read_text().endswith("\n"):
        time.sleep(0.01)
    return int(log.read_text())


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 60
    while _exists(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.01)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("program", "grace"),
    [
        pytest.param(SLEEPER, 10.0, id="one that heeds the stop signal"),
        pytest.param(STUBBORN, 0.1, id="one that ignores the stop signal"),
        pytest.param(PARENT_OF_SLEEPER, 10.0, id="one that leaves a child behind"),
    ],
)
def test_a_process_is_gone_after_the_block(program: str, grace: float, tmp_path: Path) -> None:
    with running(python(program, grace), tmp_path / "log"):
        pid = first_pid(tmp_path / "log")
    wait_for_end(pid)


@pytest.mark.parametrize("program", [SLEEPER, STUBBORN], ids=["heeding", "ignoring the stop signal"])
def test_a_process_ends_when_whoever_started_it_is_killed(program: str, tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", dedent(STARTS_AND_WAITS), program, str(tmp_path / "log")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as parent:
        pid = first_pid(tmp_path / "log")
        parent.kill()
    wait_for_end(pid)


def test_ctrl_c_reaches_whoever_started_a_process_and_not_the_process(tmp_path: Path) -> None:
    tells = f"import signal; signal.signal(signal.SIGINT, lambda *_: print('interrupted', flush=True)); {SLEEPER}"
    arguments = [sys.executable, "-c", dedent(STARTS_AND_WAITS), tells, str(tmp_path / "log")]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, process_group=0
    ) as parent:
        pid = first_pid(tmp_path / "log")
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal does
        printed, _ = parent.communicate()
    wait_for_end(pid)
    assert printed.split() == ["started", "left"]
    assert "interrupted" not in (tmp_path / "log").read_text()


def test_a_process_can_be_killed_and_says_so(tmp_path: Path) -> None:
    with running(python(SLEEPER), tmp_path / "log") as process:
        first_pid(tmp_path / "log")
        process.kill()
        assert process.status == 128 + signal.SIGKILL


def test_a_process_that_ended_can_be_started_again_and_is_gone_after_the_block(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(python(SLEEPER), log) as process:
        first = first_pid(log)
        process.kill()
        process.start_again(log)
        while len(pids := log.read_text().split()) < 2 or not log.read_text().endswith("\n"):
            time.sleep(0.01)
        assert process.status is None
        assert pids == [str(first), str(process.pid)]
    wait_for_end(int(pids[1]))


def test_the_exit_status_is_that_of_the_command(tmp_path: Path) -> None:
    with running(python("raise SystemExit(3)"), tmp_path / "log") as process:
        assert process.wait() == 3


def test_a_process_that_ends_while_it_is_waited_for_is_an_error_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        running(python("raise SystemExit('the port is on fire')"), log) as process,
        pytest.raises(
            ComponentFailedError, match=r"(?s)python ended with status 1 while starting.*the port is on fire"
        ),
    ):
        wait_until(process, lambda: False, log)


def test_what_a_process_prints_can_be_read_line_by_line() -> None:
    process = Process(python("print('one'); print('two')"), subprocess.PIPE)
    assert [line.strip() for line in process.output] == [b"one", b"two"]
    assert process.stop() == 0
