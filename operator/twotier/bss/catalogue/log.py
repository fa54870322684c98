"""The Update Tenant Log: what every run did, as it was recorded when it was written."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.plan import Changes
from twotier.bss.catalogue.updates import Mode
from twotier.bss.sql import statement


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run whose result is in force.

    Attributes:
        number: of the run, in the tenant's own sequence.
        revision: of the price list that it was applied from.
        price_list: name of the list that the catalogue has its structure of since.
        structure_revision: of that list.
    """

    number: int
    mode: Mode
    revision: int
    changes: Changes
    price_list: str
    structure_revision: int


def current_run(connection: Connection, organization_id: UUID) -> RunRecord:
    """Return the run that a tenant's catalogue is the result of; the tenant has a catalogue."""
    row = connection.execute(statement("catalogue/current_run.sql"), {"organization_id": organization_id}).one()
    return RunRecord(
        number=row.number,
        mode=Mode.FULL if row.is_full else Mode.PARTIAL,
        revision=row.revision,
        changes=Changes(**row.changes),
        price_list=row.price_list,
        structure_revision=row.structure_revision,
    )
