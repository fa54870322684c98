"""What plans are compared with: two materialised copies of a tenant's catalogue, and a full join of them."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from benchmarks.catalogue_data import BEFORE, HEAD, LIST
from twotier.bss.database import Role


def make_copies(connection: Connection, tenant: UUID) -> None:
    """Make copies of all columns at both revisions, keyed and cached: what a tenant would have without revisions."""
    for name, revision in (("copy_before", BEFORE), ("copy_after", HEAD)):
        parameters = {"list": LIST, "revision": revision, "tenant": tenant}
        connection.execute(text(_COPY.format(name=name)), parameters)
        connection.execute(text(f"alter table {name} add primary key (organization_id, sku, unit)"))
        connection.execute(text(f"grant select on {name} to {Role.OPERATOR}"))


def join_copies(connection: Connection) -> object:
    """Compare the copies as a system that has them would."""
    return connection.execute(_FULL_JOIN).one()


_COPY: Final = (
    "create table {name} as select cast(:tenant as uuid) as organization_id, o.sku, o.unit, q.name, q.description, "
    "q.category, q.product_type, q.charge_type, q.kind, o.price as cost, o.tiers, "
    "o.recommended_sell_price as sell_price, "
    "o.active and q.active as active from offer o join product q using (price_list_id, sku) "
    "where o.price_list_id = :list and o.from_revision <= :revision and :revision < o.to_revision "
    "and q.from_revision <= :revision and :revision < q.to_revision order by o.sku, o.unit"
)
_FULL_JOIN: Final = text(
    "select count(*) filter (where b.sku is null) as added, count(*) filter (where a.sku is null) as discontinued, "
    "count(*) filter (where a.cost <> b.cost) as cost, count(*) filter (where a.tiers <> b.tiers) as tiers, "
    "count(*) filter (where a.description is distinct from b.description) as description, "
    "count(*) filter (where a.active <> b.active) as activity, "
    "count(*) filter (where a.product_type is distinct from b.product_type or a.charge_type <> b.charge_type "
    "or a.kind <> b.kind) as other from copy_before b full join copy_after a using (organization_id, sku, unit)"
)
