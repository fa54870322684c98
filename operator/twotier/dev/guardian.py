"""Runs one command and ends it when its parent dies: a separate program that uses only the standard library.

Standard input is a pipe that only the parent holds. Each byte that arrives is the number of a signal for the command.
The end of the pipe, which the death of the parent causes in any case, stops the command, by force if need be.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time


def main() -> int:
    """Run the command and return its exit status, 128 and the signal's number if a signal ended it."""
    options = _options()
    child = subprocess.Popen(
        options.command,
        stdin=subprocess.DEVNULL,
        user=options.user,
        group=options.group,
        extra_groups=None if options.group is None else [],
        process_group=0,
    )
    signal.signal(signal.SIGTERM, lambda *_: _signal(child, options.stop_signal))
    threading.Thread(target=_obey, args=(child, options.stop_signal, options.grace), daemon=True).start()
    status = child.wait()
    _signal(child, signal.SIGKILL)  # what the command started and left behind
    return status if status >= 0 else 128 - status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stop-signal", type=int, default=int(signal.SIGTERM))
    parser.add_argument("--grace", type=float, default=10.0, help="seconds from the stop signal to SIGKILL")
    parser.add_argument("--user", type=int, help="run the command as this user")
    parser.add_argument("--group", type=int, help="run the command as this group")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _obey(child: subprocess.Popen[bytes], stop_signal: int, grace: float) -> None:
    while order := os.read(0, 1):
        _signal(child, order[0])
    _signal(child, stop_signal)
    time.sleep(grace)
    _signal(child, signal.SIGKILL)


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


if __name__ == "__main__":
    sys.exit(main())
