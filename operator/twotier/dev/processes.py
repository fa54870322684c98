"""Child processes that never outlive this one, even if it is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from twotier.dev.failure import EnvironmentUnfitError

GUARDIAN: Final = Path(__file__).with_name("guardian.py")
TAIL_LINES: Final = 15
START_SECONDS: Final = 120


class ComponentFailedError(EnvironmentUnfitError):
    """A process that others rely on could not be started; the message contains the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, and how to end it."""

    name: str
    """The name in messages."""
    arguments: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    """Seconds from the stop signal to SIGKILL."""
    user_and_group: tuple[int, int] | None = None


class Process:
    """A running command. It has its own session, so that a Ctrl-C reaches only us and we end it in order."""

    def __init__(self, command: Command, output: int | IO[bytes]) -> None:
        self.name = command.name
        self._command = command
        self._guardian = _guarded(command, output)

    @property
    def output(self) -> IO[bytes]:
        """What the command prints, if it was started with subprocess.PIPE."""
        assert self._guardian.stdout is not None  # noqa: S101 -- a bug, not bad input
        return self._guardian.stdout

    @property
    def status(self) -> int | None:
        """The exit status (128 and the number of the signal that ended it), or None while it runs."""
        return self._guardian.poll()

    @property
    def pid(self) -> int:
        """The command's number, as long as it runs; the guardian has no other child."""
        children = Path(f"/proc/{self._guardian.pid}/task/{self._guardian.pid}/children")
        return int(children.read_text(encoding="ascii"))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command."""
        assert self._guardian.stdin is not None  # noqa: S101 -- a bug, not bad input
        with contextlib.suppress(BrokenPipeError):  # it has ended
            self._guardian.stdin.write(bytes([number]))

    def kill(self) -> None:
        """End the command by SIGKILL."""
        self.signal(signal.SIGKILL)
        self.stop()

    def stop(self) -> int:
        """Ask the command to end, kill it after its grace period, and return its exit status."""
        assert self._guardian.stdin is not None  # noqa: S101 -- a bug, not bad input
        self._guardian.stdin.close()
        return self.wait()

    def start_again(self, log: Path) -> None:
        """Run the command anew after it ended; its output is appended to a log."""
        self.stop()
        with log.open("ab") as output:
            self._guardian = _guarded(self._command, output)

    def wait(self) -> int:
        """Wait for the end of the command and return its exit status."""
        status = self._guardian.wait()
        if self._guardian.stdout is not None:
            self._guardian.stdout.close()
        return status


@contextmanager
def running(command: Command, log: Path) -> Iterator[Process]:
    """Run a command until the end of the block; its output is appended to a log."""
    with log.open("ab") as output:
        process = Process(command, output)
    try:
        yield process
    finally:
        process.stop()


def wait_until(process: Process, ready: Callable[[], bool], log: Path) -> None:
    """Wait until a process that is starting is ready.

    Raises:
        ComponentFailedError: it ended, or takes too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.status is not None:
            raise ComponentFailedError(
                f"{process.name} ended with status {process.status} while starting; the end of its log:\n{tail(log)}"
            )
        if time.monotonic() > deadline:
            raise ComponentFailedError(
                f"{process.name} was not ready after {START_SECONDS} seconds; the end of its log:\n{tail(log)}"
            )
        time.sleep(0.05)


def tail(log: Path) -> str:
    """Return the last lines of a log, indented, for an error message."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:]) or "    (it is empty)"


def _guarded(command: Command, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    guardian = [sys.executable, "-I", "-S", str(GUARDIAN), *_guardian_options(command), "--"]
    return subprocess.Popen(
        [*guardian, *map(str, command.arguments)],
        env=dict(command.environment),
        cwd=command.folder,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        bufsize=0,
    )


def _guardian_options(command: Command) -> list[str]:
    options = ["--stop-signal", str(int(command.stop_signal)), "--grace", str(command.grace)]
    if command.user_and_group is not None:
        user, group = command.user_and_group
        options += ["--user", str(user), "--group", str(group)]
    return options
