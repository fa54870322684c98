"""The control plane's binaries: from KUBEBUILDER_ASSETS, or else the cache, or else built once from pinned modules.

Run as a program, it makes sure that they exist.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twotier.dev.controlplane.compiling import build_flags, compile_into
from twotier.dev.controlplane.toolchain import find_go
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output

ASSETS_VARIABLE: Final = "KUBEBUILDER_ASSETS"
MODULE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of a control plane."""

    etcd: Path
    apiserver: Path
    controller_manager: Path | None
    """None if KUBEBUILDER_ASSETS lacks it: then nothing is garbage-collected, and namespaces are never removed."""
    kubectl: Path


def control_plane_binaries(output: Output, environment: Mapping[str, str] = os.environ) -> Binaries:
    """Find the binaries, or build them.

    Raises:
        EnvironmentUnfitError: KUBEBUILDER_ASSETS lacks a binary, no Go toolchain is available, or the build failed.
    """
    if assets := environment.get(ASSETS_VARIABLE):
        return _given(Path(assets))
    return _cached(cache_folder(environment) / "controlplane", output, environment)


def find_kubectl(environment: Mapping[str, str] = os.environ) -> Path:
    """Find a kubectl for a user's cluster, without building one.

    Raises:
        EnvironmentUnfitError: there is none.
    """
    folders = [environment.get("PATH", ""), str(cache_folder(environment) / "controlplane" / _cache_key())]
    if assets := environment.get(ASSETS_VARIABLE):
        folders.insert(0, assets)
    found = shutil.which("kubectl", path=os.pathsep.join(folders))
    if found is None:
        raise EnvironmentUnfitError(
            "there is no kubectl: install it from https://kubernetes.io/docs/tasks/tools and put it into PATH"
        )
    return Path(found)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for what is slow to build and can be rebuilt."""
    base = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or Path.home()) / ".cache"
    return Path(base) / "twotier"


def _given(folder: Path) -> Binaries:
    missing = [name for name in ("etcd", "kube-apiserver", "kubectl") if not os.access(folder / name, os.X_OK)]
    if missing:
        raise EnvironmentUnfitError(
            f"{ASSETS_VARIABLE} is {folder}, which has no {' and no '.join(missing)}: point it at the folder that "
            "`setup-envtest use -p path` prints, or unset it to have the control plane built"
        )
    return _binaries(folder)


def _cached(cache: Path, output: Output, environment: Mapping[str, str]) -> Binaries:
    folder = cache / _cache_key()
    if not folder.exists():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with _alone(cache, output):
                if not folder.exists():
                    _build(folder, output, environment)
        except OSError as error:
            raise EnvironmentUnfitError(
                f"the control plane cannot be stored in {cache}: {error.strerror}\n"
                "free space there, or set XDG_CACHE_HOME to a writable folder"
            ) from error
    return _binaries(folder)


def _build(folder: Path, output: Output, environment: Mapping[str, str]) -> None:
    for abandoned in folder.parent.glob("partial-*"):
        shutil.rmtree(abandoned)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder.parent))
    try:
        go = find_go(_required_go(), cache_folder(environment), output, environment)
        version = kubernetes_version()
        compile_into(partial, module=MODULE, go=go, version=version, output=output, environment=environment)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _alone(cache: Path, output: Output) -> Iterator[None]:
    """Hold the lock of the cache; the system releases it if a builder dies."""
    with (cache / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            output.step("Another build of the control plane is under way; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _binaries(folder: Path) -> Binaries:
    controller_manager = folder / "kube-controller-manager"
    return Binaries(
        etcd=folder / "etcd",
        apiserver=folder / "kube-apiserver",
        controller_manager=controller_manager if controller_manager.exists() else None,
        kubectl=folder / "kubectl",
    )


def kubernetes_version() -> str:
    """The pinned version, such as v1.37.2."""
    return _from_go_mod(r"k8s\.io/kubernetes (v\S+)")


def _required_go() -> tuple[int, ...]:
    return tuple(map(int, _from_go_mod(r"^go (\S+)$").split(".")))


def _from_go_mod(pattern: str) -> str:
    found = re.search(pattern, (MODULE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, pattern  # noqa: S101 -- a bug, not bad input
    return found[1]


def _cache_key() -> str:
    digest = hashlib.sha256()
    for part in (MODULE / "go.mod", MODULE / "go.sum"):
        digest.update(part.read_bytes())
    digest.update(" ".join((sys.platform, os.uname().machine, *build_flags(kubernetes_version()))).encode())
    return digest.hexdigest()


def main() -> int:
    """Make sure that the binaries exist, and say where."""
    output = Output.on_standard_error()
    try:
        binaries = control_plane_binaries(output)
    except EnvironmentUnfitError as error:
        output.failure(str(error))
        return 1
    except KeyboardInterrupt:
        output.failure("interrupted; what was compiled so far is kept, and the next run continues from there")
        return 130
    output.step(f"The control plane's binaries are in {binaries.apiserver.parent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
