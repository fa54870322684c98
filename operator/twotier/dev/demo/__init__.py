"""The demo: TwoTier's main job on a real cluster, a real database and a real price list."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twotier.dev.demo.narrative import stay, suggest, tell
from twotier.dev.demo.scene import Scene
from twotier.dev.demo.stage import prepared_stage
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.installation import checkout
from twotier.dev.output import Output

INTERRUPTED = 128 + signal.SIGINT


def run_demo(*, kubeconfig: Path | None, once: bool, examples: Path | None = None) -> int:
    """Tell the story and stay up until Ctrl-C.

    Args:
        kubeconfig: of a cluster of the user's own; None starts a control plane.
        once: exit when the story is over.
        examples: folder of kustomizations; default: the checkout's.

    Returns:
        the exit status: 0 if the story was completed, 1 if it failed, 130 if it was interrupted.
    """
    output = Output(sys.stdout)
    told = False
    try:
        folder = examples or checkout() / "examples"
        with _ending_in_order(), prepared_stage(output, kubeconfig) as stage:
            tell(Scene.on(stage, folder, output))
            told = True
            if not once:
                suggest(stage, folder, output)
                stay(stage, output)
    except EnvironmentUnfitError as error:
        output.failure(str(error))
        return 1
    except OSError as error:
        output.failure(f"{error}\nif space is the problem, free some or set TMPDIR to another folder")
        return 1
    except KeyboardInterrupt:
        output.step("Stopped; no process is left behind.")
        return 0 if told else INTERRUPTED
    return 0


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP like a Ctrl-C, and do so even in the background of a shell, which would ignore it."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
