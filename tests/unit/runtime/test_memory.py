"""What a process no longer uses is not kept."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

BUFFERS = """
    import re, sys, threading
    from pathlib import Path
    from twotier.runtime.memory import return_large_buffers

    def resident():
        return int(re.search(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024

    if sys.argv[1] == "returning":
        return_large_buffers()
    before, together = resident(), threading.Barrier(8)

    def work():
        for _ in range(3):
            together.wait()
            b"x" * (16 << 20)  # as much as the hash of a password takes

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(resident() - before)
"""
LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells it there")


def kept_megabytes(how: str) -> int:
    answer = subprocess.run(
        [sys.executable, "-c", dedent(BUFFERS), how], capture_output=True, text=True, check=True, timeout=120
    )
    return int(answer.stdout)


@LINUX
def test_threads_keep_nothing_of_large_buffers() -> None:
    assert kept_megabytes("returning") < 16
