"""Tests in several processes at once, the workers of pytest-xdist: what they share, and who runs what.

All use one PostgreSQL server, which the process that began makes once the first of them asks for it. A worker that runs
tests on a cluster has a control plane of its own, because definitions, policies and Leases are the whole cluster's.
"""

import threading
from contextlib import ExitStack
from functools import cached_property
from multiprocessing.connection import Client, Listener
from tempfile import TemporaryDirectory
from typing import Final

from tests.databases import Databases, running_databases
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

ADDRESS: Final = "twotier_databases"
"""What a worker is told: where to ask for the databases."""
QUEUE: Final = ("tests/faults", "tests/cluster", "tests/unit", "tests/web", "tests/postgres")
"""What waits for other processes most of its time is at one end, what keeps a core busy at the other."""


class OwnDatabases:
    """The databases of a process that runs the tests, or has workers that do; a plugin of pytest."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    @cached_property
    def made(self) -> Databases:
        """The databases, made when they are first asked for."""
        return self._stack.enter_context(running_databases())

    @cached_property
    def _address(self) -> str:
        folder = self._stack.enter_context(TemporaryDirectory(prefix="twotier-tests-"))
        listener = self._stack.enter_context(Listener(f"{folder}/databases"))
        threading.Thread(target=self._answer, args=(listener,), daemon=True).start()
        return str(listener.address)

    def _answer(self, listener: Listener) -> None:
        while True:
            with listener.accept() as worker:
                try:
                    worker.send(self.made)
                except Exception as error:  # noqa: BLE001 -- whatever it is, it is for the one who asked
                    worker.send(error)

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Tell a worker where to ask."""
        node.workerinput[ADDRESS] = self._address

    def pytest_unconfigure(self) -> None:
        """End what was made."""
        self._stack.close()


class DatabasesOfAnother:
    """The databases as a worker sees them; a plugin of pytest."""

    def __init__(self, address: str) -> None:
        self._address = address

    @cached_property
    def made(self) -> Databases:
        """The databases, made when the first worker asks for them."""
        with Client(self._address) as owner:
            answer = owner.recv()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Databases)
        return answer


class FromBothEnds(LoadFileScheduling):
    """Gives out whole files; every other worker starts at the other end, so that what waits meets what computes."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        end = max if int(node.gateway.id.removeprefix("gw")) % 2 else min
        self.workqueue.move_to_end(end(self.workqueue, key=_place), last=False)
        super()._assign_work_unit(node)


def _place(file: str) -> int:
    return next((place for place, folder in enumerate(QUEUE) if file.startswith(folder)), len(QUEUE))
