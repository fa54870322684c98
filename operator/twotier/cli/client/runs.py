"""The log of a tenant's runs, as TwoTier's API lists it."""

from twotier.cli.client.api import Api
from twotier.cli.client.cluster import NOT_FOUND
from twotier.cli.client.connection import AnswerError
from twotier.web.api.models import Run


def find_run(api: Api, path: str, position: str) -> Run | None:
    """Return a run or an attempt by its position in the log; None if there is none."""
    if position.isdecimal():
        try:
            return api.read(f"{path}/runs/{position}", Run)
        except AnswerError as error:
            if error.status != NOT_FOUND:
                raise
    # An attempt has no address of its own; and for a missing tenant, the list says so.
    for page in api.pages(f"{path}/runs", Run):
        for each in page:
            if each.position == position:
                return each
            if _place(each.position) < _place(position):
                return None
    return None


def _place(position: str) -> tuple[int, ...]:
    """Return the sort key of positions of the log."""
    return tuple(int(part) for part in position.split("."))


def newest_runs(api: Api, path: str, limit: int) -> list[Run]:
    """Return a tenant's newest runs, the newest first."""
    found: list[Run] = []
    for page in api.pages(f"{path}/runs", Run, {"limit": min(limit, 1_000)}):
        found.extend(page)
        if len(found) >= limit:
            break
    return found[:limit]
