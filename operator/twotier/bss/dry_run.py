"""Dry runs: what a change in declarations would do. It is done, looked at and rolled back, in one transaction.

Nothing of it remains, and nobody else sees any of it. Whoever imports the same list meanwhile waits for the end.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from twotier.bss.catalogue.runs.assignment import Assignment
from twotier.bss.catalogue.runs.observing import find_target, see
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.database import Database, DatabaseOutageError, TookTooLongError
from twotier.bss.identity import Ids
from twotier.bss.obstacle import Obstacle
from twotier.bss.organizations.distributor import find_distributor
from twotier.bss.price_lists.declaring import CurrencyChangedError, PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding import held as holding
from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.price_lists.revisions import Change, ChangedOffer, Differences, Revision, compare, head
from twotier.bss.sheets.faults import PriceListRefused
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.limits import Limits

EXAMPLES: Final = 20
"""Offers that are shown of each kind of difference."""

# A true import goes first: the dry run gives up before people would notice that it waits.
_BOUNDS: Final = "set local lock_timeout = '10s'; set local transaction_timeout = '2min'"
_LONGEST_SECONDS: Final = 120
_NOTHING: Final = Differences(0, 0, 0, 0)


class DeclarationRefusedError(Exception):
    """The spec of a resource cannot be; the message says what to correct."""


class DryRunInterruptedError(Exception):
    """It could not be finished, and the same may succeed later; the message says what stood in the way."""


@dataclass(frozen=True, slots=True)
class DeclaredList:
    """A price list as it would be declared, with the files of its source."""

    declaration: PriceListDeclaration
    parts: Sequence[Part]
    format: Format
    guards: Guards
    accepted_digest: str | None = None


@dataclass(frozen=True, slots=True)
class ListResult:
    """What would become of a price list.

    Attributes:
        before: its newest revision as it is; None before the first. So is after.
        refusal: why nothing would be imported.
        result: of the import; None where it is refused.
        differences: what would change, or what is held.
        examples: the first offers of each kind of difference.
    """

    name: str
    before: Revision | None
    refusal: str | None = None
    result: ImportResult | None = None
    differences: Differences = _NOTHING
    examples: Sequence[ChangedOffer] = ()


@dataclass(frozen=True, slots=True)
class TenantResult:
    """What would become of a tenant's catalogue.

    Attributes:
        plan: what would be planned; None where nothing can be.
        obstacle: why nothing can be planned.
    """

    assignment: Assignment
    plan: Plan | None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a change in declarations would do."""

    price_lists: Sequence[ListResult]
    tenants: Sequence[TenantResult]


@contextmanager
def rolling_back(database: Database) -> Iterator[Connection]:
    """One transaction that is rolled back, whatever happens in it.

    Args:
        database: acts as the operator, without an epoch: what leaves nothing behind needs no lead.

    Raises:
        DryRunInterruptedError: it had to wait for somebody, or took too long.
    """
    began = time.monotonic()
    try:
        with database.transaction() as connection:
            connection.execute(text(_BOUNDS))
            yield connection
            raise _RolledBack
    except _RolledBack:
        return
    except DatabaseOutageError as error:
        # Between two statements, the server ends the connection without saying why.
        if not isinstance(error, TookTooLongError) and time.monotonic() - began < _LONGEST_SECONDS:
            raise
        raise DryRunInterruptedError(
            "It took longer than 2 minutes: try again with fewer price lists or tenants at once."
        ) from error
    except DBAPIError as error:
        match error.orig:
            case psycopg.errors.LockNotAvailable() | psycopg.errors.DeadlockDetected():
                raise DryRunInterruptedError(
                    "One of the price lists is being imported at this moment: try again in a minute."
                ) from error
        raise


def dry_run(
    connection: Connection,
    namespace: str,
    distributor: str,
    price_lists: Sequence[DeclaredList],
    assignments: Sequence[Assignment],
    *,
    ids: Ids,
    now: datetime,
    limits: Limits | None = None,
) -> DryRun:
    """Import price lists as the operator would, and plan for tenants on what they are then.

    Args:
        connection: of a transaction that is rolled back, see `rolling_back`.
        namespace: of the Distributor resource.
        distributor: its name.
        price_lists: those that would change.
        assignments: the tenants of that distributor to plan for.
        ids: for lists that are not there yet.
        now: time of the imports, aware.
        limits: how much of a file is read at most.

    Raises:
        LookupError: there is no such distributor.
    """
    root = find_distributor(connection, namespace, distributor)
    if root is None:
        raise LookupError(f"there is no distributor {distributor} in namespace {namespace}")
    # In one order, so that two dry runs never wait for each other.
    by_name = sorted(price_lists, key=lambda declared: declared.declaration.name)
    outcomes = {
        declared.declaration.name: _import(connection, root.id, declared, ids=ids, now=now, limits=limits)
        for declared in by_name
    }
    # Of this transaction alone: its revisions never were, and their numbers will be those of others.
    plans = SharedPlans()
    return DryRun(
        [outcomes[declared.declaration.name] for declared in price_lists],
        [_plan(connection, plans, assignment) for assignment in assignments],
    )


class _RolledBack(Exception):  # noqa: N818 -- the way out of the transaction, not an error
    """The dry run has ended well."""


def _import(
    connection: Connection, root: UUID, declared: DeclaredList, *, ids: Ids, now: datetime, limits: Limits | None
) -> ListResult:
    name, before = declared.declaration.name, None
    try:
        price_list_id = declare_price_list(connection, root, declared.declaration, ids=ids)
        before = head(connection, price_list_id)
        result = import_price_list(
            connection,
            price_list_id,
            declared.parts,
            declared.format,
            guards=declared.guards,
            accepted_digest=declared.accepted_digest,
            now=now,
            limits=limits,
        )
    except (CurrencyChangedError, PriceListRefused) as refused:
        return ListResult(name, before, refusal=str(refused))
    differences, examples = _differences(connection, price_list_id, before, result)
    return ListResult(name, before, None, result, differences, examples)


def _differences(
    connection: Connection, price_list_id: int, before: Revision | None, result: ImportResult
) -> tuple[Differences, Sequence[ChangedOffer]]:
    old, new = before.revision if before else 0, result.head.revision if result.head else 0
    if result.held is not None and old == new:
        return result.held.differences, [
            offer
            for change in Change
            for offer in holding.differences_of(connection, price_list_id, result.held, change=change, limit=EXAMPLES)
        ]
    difference = compare(connection, price_list_id, old, new)
    return difference.counts, [
        offer for change in Change for offer in difference.examples(connection, change, EXAMPLES)
    ]


def _plan(connection: Connection, plans: SharedPlans, assignment: Assignment) -> TenantResult:
    wanted = find_target(connection, assignment)
    if isinstance(wanted, Obstacle):
        return TenantResult(assignment, None, wanted)
    seen = see(connection, plans, assignment, wanted)
    if seen.undo_obstacle is not None:
        return TenantResult(assignment, None, seen.undo_obstacle)
    return TenantResult(assignment, seen.plan)
