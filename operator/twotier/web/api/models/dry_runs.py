"""Requests for dry runs, and their results."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Base64Bytes, Field, field_validator
from pydantic_core import PydanticCustomError

from twotier.bss.catalogue.runs.changes import Changes
from twotier.web.api.models.price_lists import ListDifference, ListDifferences
from twotier.web.api.models.updates import RunKind
from twotier.web.api.models.values import Count, Json, Number, Shown

MOST_ASSIGNMENTS: Final = 10_000
MOST_RESTORES: Final = 100
"""Fewer, because each undo is planned by itself, and an update once for all tenants with the same history."""


class SourceFile(Shown):
    """A complete file of a price list."""

    name: Annotated[
        str, Field(min_length=1, max_length=1024, description="The name by which messages refer to the file.")
    ]
    content: Annotated[Base64Bytes, Field(description="The file's bytes, plain or compressed with gzip, in Base64.")]


class DraftPriceList(Shown):
    """A price list as it would be declared, with its files."""

    name: Annotated[str, Field(min_length=1, max_length=253, description="Name of the PriceList.")]
    spec: Annotated[Json, Field(description="Its spec. Its source is not read: the files are given in `files`.")]
    files: Annotated[
        tuple[SourceFile, ...], Field(min_length=1, max_length=200, description="The files of its source.")
    ]


class DraftAssignment(Shown):
    """An assignment as it would be declared for a tenant."""

    account: Annotated[str, Field(min_length=1, max_length=253, description="Number of the tenant's account.")]
    spec: Annotated[Json, Field(description="Spec of the PriceListAssignment.")]


class DryRunRequest(Shown):
    """A change in declarations to try out. Lists and tenants that are not named stay as they are."""

    price_lists: Annotated[
        tuple[DraftPriceList, ...], Field(max_length=20, description="Price lists that would change.")
    ] = ()
    assignments: Annotated[
        tuple[DraftAssignment, ...],
        Field(
            max_length=MOST_ASSIGNMENTS,
            description="The tenants to plan for, each with what would be declared for it: those whose assignment "
            f"changes, and those that follow a changing list. At most {MOST_RESTORES} of them may have restoreRun.",
        ),
    ] = ()

    @field_validator("assignments")
    @classmethod
    def _few_restores(cls, assignments: tuple[DraftAssignment, ...]) -> tuple[DraftAssignment, ...]:
        restores = sum(not {"restoreRun", "restore_run"}.isdisjoint(each.spec) for each in assignments)
        if restores > MOST_RESTORES:
            raise PydanticCustomError(
                "too_many_restores",
                "at most {most} assignments of one dry run may restore a run, not {given}: send several requests",
                {"most": MOST_RESTORES, "given": restores},
            )
        return assignments


class ListVerdict(StrEnum):
    """What would become of the files of a price list."""

    UNCHANGED = "Unchanged"
    ACCEPTED = "Accepted"
    HELD = "Held"
    REFUSED = "Refused"


class TenantVerdict(StrEnum):
    """What would become of a tenant's catalogue."""

    UP_TO_DATE = "UpToDate"
    PLANNED = "Planned"
    NOT_PLANNED = "NotPlanned"


class PriceListDryRun(Shown):
    """What would become of a price list."""

    name: str
    outcome: Annotated[
        ListVerdict,
        Field(description="Unchanged: no new revision; Held: waits for a person; Refused: has faults."),
    ]
    message: Annotated[str | None, Field(description="Why it would be held or refused, and what to do.")] = None
    old_revision: Annotated[Number | None, Field(description="The newest accepted revision before.")] = None
    new_revision: Annotated[Number | None, Field(description="The newest accepted revision after.")] = None
    digest: Annotated[
        str | None, Field(description="Digest of the content; if held, the value for acceptedDigest.")
    ] = None
    differences: Annotated[ListDifferences, Field(description="Compared with the newest accepted revision.")] = (
        ListDifferences()
    )
    examples: Annotated[tuple[ListDifference, ...], Field(description="The first offers that differ.")] = ()
    suspects: Annotated[Count, Field(description="Offers that are missing from the files and would still be sold.")] = 0


class TenantDryRun(Shown):
    """What would become of a tenant's catalogue."""

    account: str
    price_list: str
    outcome: Annotated[
        TenantVerdict,
        Field(description="NotPlanned: a plan is not possible yet; the message says what is missing."),
    ]
    message: Annotated[str | None, Field(description="Why nothing was planned.")] = None
    kind: RunKind = "update"
    revision: Annotated[Number | None, Field(description="The revision that its catalogue would be updated to.")] = None
    changes: Changes = Field(default_factory=Changes)
    below_cost: Count = 0
    unpriced: Count = 0


class DryRun(Shown):
    """What a change in declarations would do. Nothing was changed."""

    price_lists: tuple[PriceListDryRun, ...]
    tenants: tuple[TenantDryRun, ...]
