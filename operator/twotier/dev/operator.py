"""The operator as a separate process, as on a machine without containers."""

import json
import os
import secrets
import sysconfig
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.error import HTTPError
from urllib.request import urlopen

from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.listening import HOST, listening
from twotier.dev.processes import Command, Process, wait_until

LEADING: Final = "leading"
STANDBY: Final = "standby"
WAITING: Final = "waiting"
PROGRAM: Final = Path(sysconfig.get_path("scripts")) / "twotier"


class Operator:
    """An operator that can be started, stopped, killed and started again.

    Args:
        kubeconfig: of the operator's ServiceAccount.
        database_url: of a migrated database.
        log: for the output of all starts.
    """

    def __init__(self, kubeconfig: Path, database_url: str, log: Path) -> None:
        self.log = log
        self._identity = f"operator-{secrets.token_hex(4)}"
        self._kubeconfig = kubeconfig
        self._database_url = database_url
        self._stack = ExitStack()
        self._process: Process | None = None
        self._url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def running(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.status is None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._require_process().pid

    def start(self, settings: Mapping[str, str] | None = None, *, until: str = LEADING) -> None:
        """Start it and wait until it reaches a state.

        Args:
            settings: further environment variables, such as TWOTIER_FAULT.
            until: LEADING, STANDBY for one that runs beside another, or WAITING for one whose database is behind.

        Raises:
            ComponentFailedError: it ended or does not become ready.
        """

        def command(port: int) -> Command:
            environment = {
                **os.environ,
                # The same at each start, so that it need not wait for the Lease of a killed one to expire.
                "TWOTIER_IDENTITY": self._identity,
                **(settings or {}),
                URL_VARIABLE: self._database_url,
                "TWOTIER_HOST": HOST,
                "TWOTIER_PORT": str(port),
            }
            arguments: list[str | Path] = [PROGRAM, "operator", f"--kubeconfig={self._kubeconfig}"]
            return Command(name="twotier operator", arguments=arguments, environment=environment, grace=30)

        def answers(port: int) -> bool:
            return _phase(f"http://{HOST}:{port}/readyz") == until

        self._process, port = self._stack.enter_context(listening(command, answers, self.log))
        self._url = f"http://{HOST}:{port}"

    def wait_until_leading(self) -> None:
        """Wait until an operator that was on standby or waiting leads.

        Raises:
            ComponentFailedError: it ended, or nothing happens.
        """
        wait_until(self._require_process(), lambda: _phase(f"{self._url}/readyz") == LEADING, self.log)

    def metrics(self) -> str:
        """Return its metrics, in Prometheus' text format."""
        with urlopen(f"{self._url}/metrics", timeout=10) as answer:  # noqa: S310 -- our own URL
            return str(answer.read(), "utf-8")

    def wait(self) -> int:
        """Wait until it ends on its own, such as by a fault, and return its exit status (137 after SIGKILL)."""
        return self._ended(self._require_process().wait())

    def stop(self) -> int:
        """Ask it to end, as Kubernetes does, and return its exit status."""
        return self._ended(self._require_process().stop())

    def kill(self) -> None:
        """End it by SIGKILL."""
        process = self._require_process()
        process.kill()
        self._ended(process.wait())

    def _ended(self, status: int) -> int:
        self._stack.close()
        return status

    def _require_process(self) -> Process:
        if self._process is None:
            raise RuntimeError("the operator was not started")
        return self._process


def _phase(url: str) -> str | None:
    """The current phase of an operator, ready or not; None if it does not answer."""
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 -- our own URL
            return str(json.load(answer)["phase"])
    except HTTPError as unready:
        return str(json.load(unready)["phase"])
    except OSError:
        return None
