"""How this process keeps memory that it no longer uses."""

import ctypes
from typing import Final

M_MMAP_THRESHOLD: Final = -3
"""The parameter's number in malloc.h, which has no other home."""
LARGE_BYTES: Final = 1 << 20


def return_large_buffers() -> None:
    """Have buffers of a megabyte and more go back to the system as soon as they are freed.

    glibc gives them pages of their own, but only until the first of a size is freed: from then on it takes buffers of
    that size from the heap of the thread that asks, and each thread keeps what it needed once. Sixteen threads that had
    hashed passwords, which takes 16 MiB each time, held 400 MiB. A threshold that is set stays as it is.

    To be called before the first such buffer is needed. Where malloc has no such parameter, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
