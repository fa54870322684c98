"""What the demo tells people to try."""

from io import StringIO
from pathlib import Path

import pytest

from twotier.dev.cluster import Cluster
from twotier.dev.demo.narrative import suggest
from twotier.dev.demo.stage import Stage
from twotier.dev.operator import Operator
from twotier.dev.output import Output

SHORT = Path("/x")


@pytest.mark.parametrize(
    ("is_ours", "url", "command"),
    [
        pytest.param(True, "postgresql://postgres@/postgres?host=/x", "psql 'postgresql://postgres@/postgres?host=/x'"),
        pytest.param(False, "postgresql://ada:s3cret@db/bss", 'psql "$TWOTIER_DATABASE_URL"'),
    ],
    ids=["a server of the demo's own is named", "a server of the user's own is not, because of its password"],
)
def test_the_database_that_can_be_looked_into(is_ours: bool, url: str, command: str) -> None:  # noqa: FBT001 -- a case
    stage = Stage(
        cluster=Cluster(SHORT, SHORT),
        cluster_is_ours=True,
        namespace="demo",
        database_url=url,
        database_is_ours=is_ours,
        operator=Operator(SHORT, url, SHORT),
        server_url="http://127.0.0.1:1",
    )
    told = StringIO()

    suggest(stage, SHORT, Output(told))

    assert command in told.getvalue()
    assert "s3cret" not in told.getvalue()
