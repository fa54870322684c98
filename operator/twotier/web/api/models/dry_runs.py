"""What is asked of a dry run, and what it answers."""

from enum import StrEnum
from typing import Annotated

from pydantic import Base64Bytes, Field

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.web.api.models.price_lists import ListDifference, ListDifferences
from twotier.web.api.models.updates import RunKind
from twotier.web.api.models.values import Count, Json, Number, Shown


class SourceFile(Shown):
    """A complete file of a price list."""

    name: Annotated[str, Field(min_length=1, max_length=1024, description="What faults in it are told with.")]
    content: Annotated[Base64Bytes, Field(description="The file's bytes, plain or compressed with gzip, in Base64.")]


class DraftPriceList(Shown):
    """A price list as it would be declared, with its files."""

    name: Annotated[str, Field(min_length=1, max_length=253, description="Name of the PriceList.")]
    spec: Annotated[Json, Field(description="Its spec. The source in it is not read: the files are given beside it.")]
    files: Annotated[
        tuple[SourceFile, ...], Field(min_length=1, max_length=200, description="The files of its source.")
    ]


class DraftAssignment(Shown):
    """What an assignment would declare for a tenant."""

    account: Annotated[str, Field(min_length=1, max_length=253, description="Number of the tenant's account.")]
    spec: Annotated[Json, Field(description="Spec of the PriceListAssignment.")]


class DryRunRequest(Shown):
    """A change in declarations to try out. A list that is not named stays as it is, and so does a tenant."""

    price_lists: Annotated[
        tuple[DraftPriceList, ...], Field(max_length=20, description="Price lists that would change.")
    ] = ()
    assignments: Annotated[
        tuple[DraftAssignment, ...],
        Field(
            max_length=10_000,
            description="The tenants to plan for, each with what would be declared for it: those whose assignment "
            "changes, and those that follow a list that changes.",
        ),
    ] = ()


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
        Field(description="Equal content makes no revision; held content waits for a person; refused content is bad."),
    ]
    message: Annotated[str | None, Field(description="Why it would be held or refused, and what to do.")] = None
    old_revision: Annotated[Number | None, Field(description="The newest accepted revision now.")] = None
    new_revision: Annotated[Number | None, Field(description="The newest accepted revision then.")] = None
    digest: Annotated[str | None, Field(description="Of the content; what acceptedDigest names where it is held.")] = (
        None
    )
    differences: Annotated[ListDifferences, Field(description="From the newest accepted revision.")] = ListDifferences()
    examples: Annotated[tuple[ListDifference, ...], Field(description="The first offers that differ.")] = ()
    suspects: Annotated[Count, Field(description="Offers that the files lack and that would still be sold.")] = 0


class TenantDryRun(Shown):
    """What would become of a tenant's catalogue."""

    account: str
    price_list: str
    outcome: Annotated[
        TenantVerdict,
        Field(description="NotPlanned: there is nothing to plan with yet; the message says what is missing."),
    ]
    message: Annotated[str | None, Field(description="Why nothing was planned.")] = None
    kind: RunKind = "update"
    revision: Annotated[Number | None, Field(description="The revision that its catalogue would be updated to.")] = None
    changes: Changes = NO_CHANGES
    below_cost: Count = 0
    unpriced: Count = 0


class DryRun(Shown):
    """What a change in declarations would do. Nothing was changed to find out."""

    price_lists: tuple[PriceListDryRun, ...]
    tenants: tuple[TenantDryRun, ...]
