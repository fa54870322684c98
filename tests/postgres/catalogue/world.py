"""A distributor with two lists and one tenant, in PostgreSQL and in the plain model at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, TextClause, text

from tests.postgres.catalogue.plain_model import Content, Copy, OfferKey, OwnPrice, PlainTenant, RelationKey
from tests.postgres.catalogue.sequences import LISTS, Apply, Import, Sequence, SetPrice, SetText, Step, Undo
from twotier.bss.catalogue.overrides import (
    Margin,
    NotInCatalogueError,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)
from twotier.bss.catalogue.plan import Plan, plan
from twotier.bss.catalogue.reading import AfterName, AfterSku, CatalogueOffer, lookup, page_by_name, page_by_sku
from twotier.bss.catalogue.updates import Mode, Run, Update, apply_update, first_update, state, undo
from twotier.bss.database import Role, act_for

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
UndoUseCase = Callable[..., Run]


class World:
    """Every step happens on both sides; `check` compares them.

    Args:
        connection: in a transaction of a login that may become every role.
        undo_use_case: how an undo is done, for a test that does it wrongly.
    """

    def __init__(self, connection: Connection, *, undo_use_case: UndoUseCase = undo) -> None:
        self.connection = connection
        self.tenant_id, distributor_id = uuid4(), uuid4()
        self.plain = PlainTenant()
        self.revisions: dict[int, list[Content]] = {number: [] for number in LISTS}
        self._undo = undo_use_case
        self.become(None)
        make_organizations(connection, distributor_id, self.tenant_id)
        self.list_ids = [make_list(connection, distributor_id, f"list {number}") for number in LISTS]

    def begin(self, content: Content) -> None:
        """Give the first list its first revision, and the tenant its catalogue."""
        self.take(Import(0, content))
        self.become(Role.OPERATOR)
        first_update(self.connection, self.tenant_id, self.list_ids[0], 1, requested_by="test", now=NOW)
        self.plain.apply(content, full=True, sell_prices=True, names=True, watermark=0)

    def take(self, step: Step) -> None:
        """Do a step on both sides."""
        match step:
            case Import(price_list, content):
                self.become(None)
                self.revisions[price_list].append(content)
                import_revision(self.connection, self.list_ids[price_list], self.revisions[price_list])
            case Apply():
                self._apply(step)
            case SetPrice(key, price):
                self.become(Role.API)
                known = self.plain.set_price(key, price)
                assert known == self._recorded(record_offer_override, *key, _price(price))
            case SetText(sku, field, value):
                self.become(Role.API)
                known = self.plain.set_text(sku, field, value)
                assert known == self._recorded(record_product_override, sku, ProductField(field), value)
            case Undo(runs):
                self._take_back(runs)

    def check(self) -> None:
        """Compare the catalogue and the relations with what the plain model has."""
        self.become(Role.API)
        assert self.catalogue() == self.plain.rows()
        relations = self.connection.execute(_RELATIONS)
        assert {RelationKey(*row[:3]): row[3] for row in relations} == self.plain.copy.relations

    def check_reads(self) -> None:
        """Compare pages and look-ups with the view that defines them."""
        self.become(Role.API)
        rows = self.catalogue()
        on_offer = [key for key, row in rows.items() if not row["discontinued"]]
        by_sku = list(self._pages(lambda last: page_by_sku(self.connection, _after_sku(last), limit=2)))
        by_name = list(self._pages(lambda last: page_by_name(self.connection, _after_name(last), limit=2)))
        assert [_key(offer) for offer in by_sku] == sorted(on_offer)
        assert [_key(offer) for offer in by_name] == sorted(on_offer, key=lambda key: (rows[key]["list_name"], *key))
        assert [_columns(offer) for offer in by_sku + by_name] == [rows[_key(offer)] for offer in by_sku + by_name]
        assert {key: _columns(lookup(self.connection, *key)) for key in rows} == rows
        assert lookup(self.connection, "never", "listed") is None

    def catalogue(self) -> dict[OfferKey, dict[str, object]]:
        """The view's rows by key."""
        rows = [dict(row) for row in self.connection.execute(_CATALOGUE).mappings()]
        for row in rows:
            row["tiers"] = tuple(zip(row.pop("quantities") or [], row.pop("prices") or [], strict=True))
        return {OfferKey(row.pop("sku"), row.pop("unit")): row for row in rows}

    def become(self, role: Role | None) -> None:
        """Act as a role from here on; None is the login itself, which owns everything."""
        self.connection.execute(text(f"set local role {role or 'none'}"))
        act_for(self.connection, self.tenant_id)

    def _apply(self, step: Apply) -> None:
        revisions = self.revisions[step.price_list]
        if not revisions:
            return
        revision = len(revisions) - step.back % len(revisions)
        content, list_id = revisions[revision - 1], self.list_ids[step.price_list]
        mode = Mode.FULL if step.full else Mode.PARTIAL
        update = Update(list_id, revision, mode, sell_prices=step.sell_prices, names=step.names)
        watermark = max(0, self.plain.newest_version - step.edits_since_planned)
        self.become(Role.OPERATOR)
        planned = plan(self.connection, self.tenant_id, update)
        exact = count_kinds(self.connection, self.tenant_id, update)
        before, expected_newest = self.plain.after_run[max(self.plain.after_run)], self.plain.newest_run
        displaced = self.plain.displaced_by(
            sell_prices=step.sell_prices, names=step.names, watermark=self.plain.newest_version
        )
        run = apply_update(
            self.connection, self.tenant_id, update, expected_newest=expected_newest, watermark=watermark,
            requested_by="test", now=NOW,
        )
        self.plain.apply(
            content, full=step.full, sell_prices=step.sell_prices, names=step.names, watermark=watermark
        )
        assert run.number == self.plain.newest_run
        assert planned.newest == expected_newest
        assert (planned.changes.sell_prices_displaced, planned.changes.names_displaced) == displaced
        announced = asdict(planned.changes)
        happened = differences(before, self.plain.copy)
        assert {name: announced[name] for name in happened} == happened
        assert {name: exact[name] for name in exact} == {name: announced[name] for name in exact}
        if watermark == self.plain.newest_version:
            self._check_prices(planned, content, before)

    def _check_prices(self, planned: Plan, content: Content, before: Copy) -> None:
        rows = self.plain.rows()
        touched = [key for key in content.offers if key in rows and is_touched(key, before, self.plain.copy)]
        arrived = [key for key in touched if key not in before.offers or rows[key]["discontinued"] is False and before.offers[key].discontinued]
        below = [key for key in touched if not rows[key]["needs_review"] and _is_below(rows[key])]
        assert planned.below_cost == len(below)
        assert planned.unpriced == sum(bool(rows[key]["needs_review"]) for key in arrived)

    def _take_back(self, runs: int) -> None:
        counting = list(self.plain.after_run)
        if len(counting) == 1:
            return
        target = counting[-2 - (runs - 1) % (len(counting) - 1)]
        self.become(Role.OPERATOR)
        self._undo(
            self.connection, self.tenant_id, target, expected_newest=self.plain.newest_run, requested_by="test", now=NOW
        )
        self.plain.undo(target)
        found = state(self.connection, self.tenant_id)
        assert found is not None
        assert found.newest == self.plain.newest_run

    def _recorded(self, use_case: Callable[..., int], *arguments: object) -> bool:
        try:
            version = use_case(self.connection, self.tenant_id, *arguments, now=NOW)
        except NotInCatalogueError:
            return False
        assert version == self.plain.newest_version
        return True

    @staticmethod
    def _pages(read: Callable[[CatalogueOffer | None], list[CatalogueOffer]]) -> Iterable[CatalogueOffer]:
        page = read(None)
        while page:
            yield from page
            page = read(page[-1])


def play(connection: Connection, sequence: Sequence, *, undo_use_case: UndoUseCase = undo) -> None:
    """Play a sequence, comparing both sides after each step that may show."""
    first, steps = sequence
    world = World(connection, undo_use_case=undo_use_case)
    world.begin(first)
    world.check()
    for step in steps:
        world.take(step)
        world.check()
    world.check_reads()


def make_organizations(connection: Connection, distributor_id: UUID, *tenant_ids: UUID) -> None:
    """A distributor and its tenants."""
    connection.execute(
        text(
            "insert into organization (id, namespace, name, display_name, country, time_zone, currency, created_at) "
            "values (:id, 'test', :name, 'Distributor', 'DE', 'UTC', 'EUR', :now)"
        ),
        {"id": distributor_id, "name": str(distributor_id), "now": NOW},
    )
    connection.execute(
        text(
            "insert into organization (id, root_id, account_number, display_name, country, time_zone, currency, created_at) "
            "values (:id, :root_id, :number, 'Tenant', 'DE', 'UTC', 'EUR', :now)"
        ),
        [{"id": id_, "root_id": distributor_id, "number": str(id_), "now": NOW} for id_ in tenant_ids],
    )


def make_list(connection: Connection, distributor_id: UUID, name: str) -> int:
    """An empty price list."""
    made = connection.execute(
        text("insert into price_list (organization_id, name, currency) values (:id, :name, 'EUR') returning id"),
        {"id": distributor_id, "name": name},
    )
    return int(made.scalar_one())


def import_revision(connection: Connection, list_id: int, history: list[Content]) -> None:
    """Write the last content of a list's history as row versions: what differs from the one before."""
    revision = len(history)
    before, after = history[-2] if revision > 1 else Content({}, {}), history[-1]
    connection.execute(_REVISION, {"list": list_id, "revision": revision, "now": NOW})
    for table, old, new in (
        ("product", before.products, after.products),
        ("offer", before.offers, after.offers),
        ("relation", before.relations, after.relations),
    ):
        ended = [key for key in old if key not in new or old[key] != new[key]]
        begun = [key for key in new if key not in old or old[key] != new[key]]
        _execute_each(connection, _END[table], [_parameters(list_id, revision, key, None) for key in ended])
        _execute_each(connection, _BEGIN[table], [_parameters(list_id, revision, key, new[key]) for key in begun])


def count_kinds(connection: Connection, tenant_id: UUID, update: Update) -> dict[str, int]:
    """What the exact way of planning counts, whichever way the plan took."""
    row = connection.execute(
        _EXACT,
        {
            "tenant": tenant_id,
            "list": update.price_list_id,
            "revision": update.revision,
            "full": update.mode is Mode.FULL,
            "sell": update.sell_prices,
            "names": update.names,
        },
    )
    return dict(row.mappings().one())


def differences(before: Copy, after: Copy) -> dict[str, int]:
    """What changed between two copies, counted as a plan counts it."""
    common = [key for key in after.offers if key in before.offers]
    fields = {key: changed_fields(key, before, after) for key in common}
    left = {key for key in common if after.offers[key].discontinued and not before.offers[key].discontinued}
    back = {key for key in common if before.offers[key].discontinued and not after.offers[key].discontinued}
    relations = before.relations.keys() | after.relations.keys()
    return {
        "added": len(after.offers) - len(common),
        "returned": len(back),
        "discontinued": len(left),
        "changed": sum(bool(fields[key]) for key in common if key not in left | back),
        **{name: sum(name in changed for changed in fields.values()) for name in COUNTED},
        "relations": sum(
            before.relations.get(key, "none") != after.relations.get(key, "none") for key in relations
        ),
    }


COUNTED: Final = ("cost", "tiers", "sell_price", "name", "description", "activity", "other")


def changed_fields(key: OfferKey, before: Copy, after: Copy) -> set[str]:
    """The fields of an offer that differ, among those that a plan counts."""

    def counted(copy: Copy) -> dict[str, object]:
        offer, product = copy.offers[key], copy.products[key.sku].now
        return {
            "cost": offer.cost,
            "tiers": offer.tiers,
            "sell_price": offer.sell_price,
            "name": product.name,
            "description": product.description,
            "activity": offer.active and product.active,
            "other": (product.product_type, product.charge_type, product.kind),
        }

    old, new = counted(before), counted(after)
    return {name for name in COUNTED if old[name] != new[name]}


def is_touched(key: OfferKey, before: Copy, after: Copy) -> bool:
    """Whether a plan has an entry for the offer."""
    if key not in before.offers:
        return True
    moved = before.offers[key].discontinued != after.offers[key].discontinued
    return moved or bool(changed_fields(key, before, after))


def _is_below(row: Mapping[str, Any]) -> bool:
    return bool(row["sell_price"] < row["cost"])


def _price(price: OwnPrice) -> SellPrice | Margin | None:
    if price.amount is not None:
        return SellPrice(price.amount)
    return None if price.margin is None else Margin(price.margin)


def _key(offer: CatalogueOffer) -> OfferKey:
    return OfferKey(offer.sku, offer.unit)


def _columns(offer: CatalogueOffer | None) -> dict[str, object]:
    assert offer is not None
    columns = asdict(offer)
    del columns["sku"], columns["unit"]
    return columns | {"tiers": tuple((tier.minimum_quantity, tier.price) for tier in offer.tiers)}


def _after_sku(last: CatalogueOffer | None) -> AfterSku:
    return AfterSku() if last is None else AfterSku(last.sku, last.unit)


def _after_name(last: CatalogueOffer | None) -> AfterName:
    return AfterName() if last is None else AfterName(last.list_name, last.sku, last.unit)


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


_CATALOGUE: Final = text(
    "select c.*, (select array_agg(t.minimum_quantity) from unnest(c.tiers) t) as quantities, "
    "(select array_agg(t.price) from unnest(c.tiers) t) as prices from tenant_catalogue c"
)
_RELATIONS: Final = text("select kind, sku, related_sku, quantity from tenant_relations")
_REVISION: Final = text(
    "insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, products, "
    "added, removed, price_changed, other_changed) values (:list, :revision, '', :now, 'test', 0, 0, 0, 0, 0, 0)"
)
_END: Final = {
    "product": text(
        "update product set to_revision = :revision "
        "where price_list_id = :list and sku = :sku and to_revision = 2147483647"
    ),
    "offer": text(
        "update offer set to_revision = :revision "
        "where price_list_id = :list and sku = :sku and unit = :unit and to_revision = 2147483647"
    ),
    "relation": text(
        "update product_relation set to_revision = :revision where price_list_id = :list and kind = :kind "
        "and sku = :sku and related_sku = :related_sku and to_revision = 2147483647"
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
        "values (:list, :sku, :unit, :revision, :price, :recommended_sell_price, cast(cast(:tiers as text[]) as price_tier[]), :active)"
    ),
    "relation": text(
        "insert into product_relation (price_list_id, kind, sku, related_sku, from_revision, quantity) "
        "values (:list, :kind, :sku, :related_sku, :revision, :quantity)"
    ),
}
_EXACT: Final = text(
    "select count(*) filter (where c.kind = 'added') as added, count(*) filter (where c.kind = 'returned') as returned, "
    "count(*) filter (where c.kind = 'discontinued') as discontinued, "
    "count(*) filter (where c.kind = 'changed') as changed, count(*) filter (where c.cost) as cost, "
    "count(*) filter (where c.tiers) as tiers, count(*) filter (where c.sell_price) as sell_price, "
    "count(*) filter (where c.name) as name, count(*) filter (where c.description) as description, "
    "count(*) filter (where c.activity) as activity, count(*) filter (where c.other) as other "
    "from catalogue_pins p cross join lateral changes_of_all(p, "
    "row(:list, :revision, :full, :sell, :names, p.last_override)::catalogue_target) c where p.organization_id = :tenant"
)
