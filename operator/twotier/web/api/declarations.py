"""How specs of resources in requests are interpreted: just as the operator does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request

from twotier.bss.catalogue.runs.assignment import Assignment, TenantName
from twotier.bss.dry_run import DeclarationRefusedError, DeclaredList
from twotier.bss.identity import Ids
from twotier.bss.sheets.parsing import Part
from twotier.limits import Limits
from twotier.web.shared.problems import ProblemError


@dataclass(frozen=True)
class Declarations:
    """The operator's interpretation of specs.

    Both raise DeclarationRefusedError for an invalid spec.

    Attributes:
        price_list: returns a list by its name, its spec and its files.
        assignment: returns what a spec declares for a tenant.
        clock: the time, aware.
        ids: for what does not exist yet.
        limits: on what a price list may hold.
    """

    price_list: Callable[[str, Mapping[str, Any], Sequence[Part]], DeclaredList]
    assignment: Callable[[TenantName, Mapping[str, Any]], Assignment]
    clock: Callable[[], datetime]
    ids: Ids
    limits: Limits


def declarations_of(request: Request) -> Declarations:
    """Return how the application interprets specs."""
    declarations: Declarations = request.app.state.declarations
    return declarations


@contextmanager
def refusing() -> Iterator[None]:
    """Answer a spec that the operator would refuse with what to correct.

    Raises:
        ProblemError: there is such a spec.
    """
    try:
        yield
    except DeclarationRefusedError as refused:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused)) from refused
