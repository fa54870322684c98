"""Compiling the control plane with progress shown: `go build` itself prints nothing for minutes."""

import subprocess
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output
from twotier.dev.processes import Command, Process

ETCD: Final = "go.etcd.io/etcd/server/v3"
PACKAGES: Final = (
    ETCD,
    "k8s.io/kubernetes/cmd/kube-apiserver",
    "k8s.io/kubernetes/cmd/kube-controller-manager",
    "k8s.io/kubernetes/cmd/kubectl",
)
VERSION_VARIABLES: Final = "k8s.io/component-base/version"
KEPT_LINES: Final = 30
DOWNLOADING: Final = "go: downloading "


def build_flags(version: str) -> tuple[str, ...]:
    """Return the flags of `go build`; without them, the server reports version v0.0.0."""
    major, minor, _ = version.removeprefix("v").split(".", 2)
    stamps = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    linker = " ".join(("-s", "-w", *(f"-X {VERSION_VARIABLES}.{name}={value}" for name, value in stamps.items())))
    return ("-trimpath", "-buildvcs=false", "-ldflags", linker)


def compile_into(
    folder: Path, *, module: Path, go: Path, version: str, output: Output, environment: Mapping[str, str]
) -> None:
    """Build all binaries into a folder.

    Raises:
        EnvironmentUnfitError: go failed; the message contains the end of its output.
    """
    output.step(f"Building Kubernetes {version} with {go}; the first time takes about ten minutes on two cores")
    # Only modules that go.sum knows, whatever go.work there is around the project.
    pinned = {"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
    go_environment = {**environment, **pinned, "CGO_ENABLED": "0"}

    def run(*arguments: str) -> Iterator[str]:
        return _lines((str(go), *arguments), module, go_environment)

    total = sum(_is_package(line) for line in _telling_downloads(run("list", "-deps", *PACKAGES), output))
    build = run("build", "-v", *build_flags(version), "-o", f"{folder}/", *PACKAGES)
    with output.progress("Compiling packages", total) as report:
        for done, _ in enumerate(filter(_is_package, build), start=1):
            report(done)
    (folder / "server").rename(folder / "etcd")


def _telling_downloads(lines: Iterator[str], output: Output) -> Iterator[str]:
    told = False
    for line in lines:
        if line.startswith(DOWNLOADING) and not told:
            output.step("Downloading the modules (about 300 MB)")
            told = True
        yield line


def _is_package(line: str) -> bool:
    return " " not in line


def _lines(arguments: Sequence[str], module: Path, environment: Mapping[str, str]) -> Iterator[str]:
    command = Command(name="go", arguments=arguments, environment=environment, folder=module)
    process = Process(command, subprocess.PIPE)
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    try:
        for raw in process.output:
            line = raw.decode(errors="replace").rstrip()
            kept.append(line)
            yield line
        status = process.wait()
    finally:
        process.stop()
    if status != 0:
        raise EnvironmentUnfitError(_explanation(status, [line for line in kept if not _is_package(line)]))


def _explanation(status: int, lines: Sequence[str]) -> str:
    text = "\n".join(f"    {line}" for line in lines)
    hint = "see the output above, and run it again: what was compiled so far is kept"
    if "no space left on device" in text:
        hint = "free about 4 GB for Go's caches (`go env GOCACHE GOMODCACHE` names them) and run it again"
    elif "dial tcp" in text or "no such host" in text:
        hint = (
            "the modules come from a Go module proxy, which could not be reached: set GOPROXY to a reachable one, or "
            "set KUBEBUILDER_ASSETS to the folder that `setup-envtest use -p path` prints"
        )
    return f"building the control plane failed: go exited with status {status}:\n{text}\n{hint}"
