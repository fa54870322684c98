"""What a process holds at once, so that no request, caller or connection keeps it from answering others."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from twotier.web.shared.shares import Shares
from twotier.web.shared.turns import Turns

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a process does and holds at once. A single caller has at most half of each.

    Attributes:
        reads: requests that read the database.
        requests: requests of callers with access, from the first byte to the last one that is sent.
        dry_runs: dry runs that are in progress or wait; one is in progress at a time.
        body_bytes: bodies of requests, in memory.
        spool_bytes: streams that were read and not yet sent, in files.
        patience: how long a request waits until it may read.
        dry_run_patience: how long a dry run waits for others.
        body_grace: how far a body may fall behind its minimum rate.
        body_rate: the least that must arrive of a body, in bytes a second.
    """

    reads: int = 16
    requests: int = 128
    dry_runs: int = 8
    body_bytes: int = 128 * MEBIBYTE
    spool_bytes: int = 1024 * MEBIBYTE
    patience: timedelta = timedelta(seconds=30)
    dry_run_patience: timedelta = timedelta(minutes=4)
    body_grace: timedelta = timedelta(seconds=10)
    body_rate: int = 64 * 1024


class Limits:
    """The bounds of a process, and what of them is in use."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.requests = Shares(bounds.requests, "Too many requests are open at once")
        self.reading = Turns(bounds.reads, bounds.patience, "Too many requests are reading the database")
        self.dry_runs = Shares(bounds.dry_runs, "Too many dry runs are in progress or waiting")
        self.trying = Turns(1, bounds.dry_run_patience, "Other dry runs are still in progress")
        self.bodies = Shares(bounds.body_bytes, "Too many large requests are arriving at once")
        self.spools = Shares(bounds.spool_bytes, "Too many rows are being sent at once")
