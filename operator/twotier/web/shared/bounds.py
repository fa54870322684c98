"""What a process holds at once, so that no request, caller or connection keeps it from answering others."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from twotier.web.shared.places import Places
from twotier.web.shared.shares import Shares

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a process does and holds at once. A single caller has at most half of each.

    Attributes:
        reads: requests that read the database, two at least. A quarter of them may read all rows of something, so that
            pages are read meanwhile.
        requests: requests of callers with access, from the first byte to the last one that is sent.
        dry_runs: dry runs that are in progress or wait; one is in progress at a time.
        body_bytes: bodies of requests, in memory.
        spool_bytes: streams that were read and not yet sent, in files.
        patience: how long a request waits until it may read a page.
        long_patience: how long it waits until it may read all rows, or try something out.
        body_grace: how far a body may fall behind its minimum rate.
        body_rate: the least that must arrive of a body, in bytes a second.
    """

    reads: int = 16
    requests: int = 128
    dry_runs: int = 8
    body_bytes: int = 128 * MEBIBYTE
    spool_bytes: int = 1024 * MEBIBYTE
    patience: timedelta = timedelta(seconds=30)
    long_patience: timedelta = timedelta(minutes=4)
    body_grace: timedelta = timedelta(seconds=10)
    body_rate: int = 64 * 1024


class Limits:
    """The bounds of a process, and what of them is in use."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.requests = Shares(bounds.requests, "Too many requests are open at once")
        streams = max(1, bounds.reads // 4)
        self.reading = Places(bounds.reads - streams, bounds.patience, "Too many requests are reading the database")
        self.streaming = Places(streams, bounds.long_patience, "Too many requests are reading all rows of something")
        self.dry_runs = Shares(bounds.dry_runs, "Too many dry runs are in progress or waiting")
        self.trying = Places(1, bounds.long_patience, "Other dry runs are still in progress")
        self.bodies = Shares(bounds.body_bytes, "Too many large requests are arriving at once")
        self.spools = Shares(bounds.spool_bytes, "Too many rows are being sent at once")
