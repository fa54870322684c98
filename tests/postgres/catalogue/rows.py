"""Organizations and lists as rows, written past the use cases of others."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, TextClause, text
from tests.postgres.catalogue.plain_model import Content, OfferKey, RelationKey

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def make_organizations(connection: Connection, distributor_id: UUID, *tenant_ids: UUID) -> None:
    """A distributor and its tenants."""
    connection.execute(
        text(
            "insert into organization (id, namespace, name, display_name, country, time_zone, currency, created_at) "
            "values (:id, 'test', :name, 'Distributor', 'DE', 'UTC', 'EUR', :now)"
        ),
        {"id": distributor_id, "name": str(distributor_id), "now": NOW},
    )
    connection.execute(text("insert into distributor (organization_id) values (:id)"), {"id": distributor_id})
    connection.execute(
        text(
            "insert into organization "
            "(id, root_id, account_number, display_name, country, time_zone, currency, created_at) "
            "values (:id, :root_id, :number, 'Tenant', 'DE', 'UTC', 'EUR', :now)"
        ),
        [{"id": id_, "root_id": distributor_id, "number": str(id_), "now": NOW} for id_ in tenant_ids],
    )


def make_list(connection: Connection, distributor_id: UUID, name: str) -> int:
    """An empty price list."""
    made = connection.execute(
        text(
            "insert into price_list (organization_id, key, name, currency) values (:id, uuidv7(), :name, 'EUR') "
            "returning id"
        ),
        {"id": distributor_id, "name": name},
    )
    return int(made.scalar_one())


def import_revision(connection: Connection, list_id: int, history: list[Content]) -> None:
    """Write the last content of a list's history as row versions: what differs from the one before."""
    revision = len(history)
    before, after = history[-2] if revision > 1 else Content({}, {}), history[-1]
    connection.execute(_REVISION, {"list": list_id, "revision": revision, "now": NOW})
    tables: tuple[tuple[str, Mapping[Any, Any], Mapping[Any, Any]], ...] = (
        ("product", before.products, after.products),
        ("offer", before.offers, after.offers),
        ("relation", before.relations, after.relations),
    )
    for table, old, new in tables:
        ended = [key for key in old if key not in new or old[key] != new[key]]
        begun = [key for key in new if key not in old or old[key] != new[key]]
        _execute_each(connection, _END[table], [_parameters(list_id, revision, key, None) for key in ended])
        _execute_each(connection, _BEGIN[table], [_parameters(list_id, revision, key, new[key]) for key in begun])


def _parameters(list_id: int, revision: int, key: str | tuple[str, ...], value: Any) -> dict[str, object]:
    names = ("sku", "unit") if isinstance(key, OfferKey) else ("kind", "sku", "related_sku")
    keys: dict[str, object] = {"sku": key} if isinstance(key, str) else dict(zip(names, key, strict=True))
    if isinstance(key, RelationKey):
        return {"list": list_id, "revision": revision, **keys, "quantity": value}
    values = {} if value is None else asdict(value)
    if "tiers" in values:
        values["tiers"] = [f"({quantity},{price})" for quantity, price in values["tiers"]]
    if "kind" in values:
        values["product_kind"] = values.pop("kind")
    return {"list": list_id, "revision": revision, **keys, **values}


def _execute_each(connection: Connection, sql: TextClause, parameters: list[dict[str, object]]) -> None:
    if parameters:
        connection.execute(sql, parameters)


_REVISION: Final = text(
    "insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, products, "
    "added, removed, price_changed, other_changed) values (:list, :revision, '', :now, 'test', 0, 0, 0, 0, 0, 0)"
)
_END: Final = {
    "product": text("update open_product set to_revision = :revision where price_list_id = :list and sku = :sku"),
    "offer": text(
        "update open_offer set to_revision = :revision where price_list_id = :list and sku = :sku and unit = :unit"
    ),
    "relation": text(
        "update open_product_relation set to_revision = :revision where price_list_id = :list and kind = :kind "
        "and sku = :sku and related_sku = :related_sku"
    ),
}
_BEGIN: Final = {
    "product": text(
        "insert into product (price_list_id, sku, from_revision, name, description, category, product_type, "
        "charge_type, kind, active) values (:list, :sku, :revision, :name, :description, :category, :product_type, "
        ":charge_type, :product_kind, :active)"
    ),
    "offer": text(
        "insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price, tiers, active) "
        "values (:list, :sku, :unit, :revision, :price, :recommended_sell_price, "
        "cast(cast(:tiers as text[]) as price_tier[]), :active)"
    ),
    "relation": text(
        "insert into product_relation (price_list_id, kind, sku, related_sku, from_revision, quantity) "
        "values (:list, :kind, :sku, :related_sku, :revision, :quantity)"
    ),
}
