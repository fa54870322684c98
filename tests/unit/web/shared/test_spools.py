"""Rows that wait for slow readers, and the space that they take."""

from pathlib import Path

import pytest

from twotier.web.shared.problems import ProblemError
from twotier.web.shared.shares import Shares
from twotier.web.shared.spools import Spool

BLOCK = b"x" * 100_000


def test_space_is_free_again_where_the_disk_was_full() -> None:
    space = Shares(4 * len(BLOCK), "Too many rows")
    spool = Spool(space, "ada")
    vars(spool)["_file"] = Path("/dev/full").open("wb")  # noqa: SIM115 -- the spool closes it
    with pytest.raises(ProblemError, match="no space for the rows"):
        spool.write(BLOCK)
    spool.close()
    space.take("ada", 2 * len(BLOCK))
