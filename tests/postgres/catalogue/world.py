"""A distributor with two lists and one tenant, in PostgreSQL and in the plain model at once."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from tests.postgres.catalogue.differences import differences, is_touched
from tests.postgres.catalogue.plain_entries import Entries, PlainEntry
from tests.postgres.catalogue.plain_entries import entries as plain_entries
from tests.postgres.catalogue.plain_model import Content, Copy, OfferKey, OwnPrice, PlainTenant, RelationKey
from tests.postgres.catalogue.rows import NOW, import_revision, make_list, make_organizations
from tests.postgres.catalogue.sequences import (
    LISTS,
    OWN_CATEGORY,
    Apply,
    Import,
    NameCategory,
    Sequence,
    SetPrice,
    SetText,
    Step,
    Undo,
)

from twotier.bss.catalogue.reads.entries import Entry, FieldChange, plan_entries, run_entries
from twotier.bss.catalogue.reads.pages import (
    AfterName,
    AfterSku,
    CatalogueOffer,
    catalogue_at,
    lookup,
    page_by_name,
    page_by_sku,
)
from twotier.bss.catalogue.runs.planning import Plan, plan, plan_undo
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.updates import (
    Mode,
    Request,
    Run,
    Update,
    state,
    write_first_update,
    write_undo,
    write_update,
)
from twotier.bss.database import Role, act_for
from twotier.bss.reseller import categories
from twotier.bss.reseller.overrides import (
    Margin,
    NotInCatalogueError,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)

UndoUseCase = Callable[..., Run]
Rows = dict[OfferKey, dict[str, object]]


class World:
    """Every step happens on both sides; `check` compares them.

    Args:
        connection: in a transaction of a login that may become every role.
        undo_use_case: how an undo is done, for a test that does it wrongly.
    """

    def __init__(self, connection: Connection, *, undo_use_case: UndoUseCase = write_undo) -> None:
        self.connection = connection
        self.tenant_id, distributor_id = uuid4(), uuid4()
        self.plain = PlainTenant()
        self.plans = SharedPlans()
        self.revisions: dict[int, list[Content]] = {number: [] for number in LISTS}
        self.after_run: dict[int, Rows] = {}
        """The plain catalogue after each run, with the overrides of then."""
        self._undo = undo_use_case
        self.become(None)
        make_organizations(connection, distributor_id, self.tenant_id)
        self.list_ids = [make_list(connection, distributor_id, f"list {number}") for number in LISTS]

    def begin(self, content: Content) -> None:
        """Give the first list its first revision, and the tenant its catalogue."""
        self.take(Import(0, content))
        self.become(Role.OPERATOR)
        write_first_update(self.connection, self.tenant_id, self.list_ids[0], 1, Request("test", NOW))
        self.plain.apply(content, full=True, sell_prices=True, names=True, watermark=0)
        self.after_run[1] = self.plain.rows()
        self.become(Role.API)
        self.plain.make_category(OWN_CATEGORY)
        categories.create(self.connection, self.tenant_id, OWN_CATEGORY)

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
                if field == ProductField.CATEGORY and value is not None:
                    value = self.plain.category_name(value)
                assert known == self._recorded(record_product_override, sku, ProductField(field), value)
            case NameCategory(category, name):
                self.become(Role.API)
                self._name_category(category, name)
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

    def check_past(self) -> None:
        """Compare the catalogue as of every run, undone or not, with what the plain model had then."""
        self.become(Role.VIEWER)
        for run, rows in self.after_run.items():
            whole = catalogue_at(self.connection, self.tenant_id, run, limit=None)
            assert [(_key(seen.offer), _columns(seen.offer)) for seen in whole] == sorted(rows.items())
        paged = self._pages(
            lambda last: [
                seen.offer for seen in catalogue_at(self.connection, self.tenant_id, None, _after_sku(last), limit=2)
            ]
        )
        assert [(_key(offer), _columns(offer)) for offer in paged] == sorted(self.plain.rows().items())

    def catalogue(self) -> Rows:
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
        assert self.plans.plan(self.connection, self.tenant_id, update) == planned
        exact = count_kinds(self.connection, self.tenant_id, update)
        before, expected_newest = self.plain.after_run[max(self.plain.after_run)], self.plain.newest_run
        displaced = self.plain.displaced_by(
            sell_prices=step.sell_prices, names=step.names, watermark=self.plain.newest_version
        )
        run = write_update(
            self.connection,
            self.tenant_id,
            update,
            Request("test", NOW),
            expected_newest=expected_newest,
            watermark=watermark,
        )
        self.plain.apply(content, full=step.full, sell_prices=step.sell_prices, names=step.names, watermark=watermark)
        assert run.number == self.plain.newest_run
        assert planned.newest == expected_newest
        assert (planned.changes.sell_prices_displaced, planned.changes.names_displaced) == displaced
        announced = asdict(planned.changes)
        happened = differences(before, self.plain.copy)
        assert {name: announced[name] for name in happened} == happened
        assert {name: exact[name] for name in exact} == {name: announced[name] for name in exact}
        self.after_run[run.number] = self.plain.rows()
        entries = plain_entries(self.plain, before, self.plain.copy)
        assert shown(run_entries(self.connection, self.tenant_id, run.number)) == entries
        if watermark == self.plain.newest_version:
            assert shown(plan_entries(self.connection, planned, limit=100)) == entries
            assert plan(self.connection, self.tenant_id, update).empty
            self._check_prices(planned, before, content.offers)

    def _check_prices(self, planned: Plan, before: Copy, looked_at: Container[OfferKey]) -> None:
        rows = {key: row for key, row in self.plain.rows().items() if key in looked_at and not row["discontinued"]}
        offered = [key for key in rows if is_touched(key, before, self.plain.copy)]
        arrived = [key for key in offered if key not in before.offers or before.offers[key].discontinued]
        below = [key for key in offered if not rows[key]["needs_review"] and _is_below(rows[key])]
        assert planned.below_cost == len(below)
        assert planned.unpriced == sum(bool(rows[key]["needs_review"]) for key in arrived)

    def _take_back(self, runs: int) -> None:
        counting = list(self.plain.after_run)
        if len(counting) == 1:
            return
        target = counting[-2 - (runs - 1) % (len(counting) - 1)]
        self.become(Role.OPERATOR)
        planned = plan_undo(self.connection, self.tenant_id, target)
        before, own_before, kept = self.plain.copy, self.plain.own_in_force(), self.plain.own_fields_since(target)
        self._undo(self.connection, self.tenant_id, target, Request("test", NOW), expected_newest=self.plain.newest_run)
        self.plain.undo(target)
        own_back = tuple(now - then for now, then in zip(self.plain.own_in_force(), own_before, strict=True))
        announced, happened = asdict(planned.changes), differences(before, self.plain.copy)
        assert {name: announced[name] for name in happened} == happened
        assert (planned.changes.sell_prices_brought_back, planned.changes.names_brought_back) == own_back
        assert (planned.restored, planned.overrides_kept) == (target, kept)
        self.after_run[self.plain.newest_run] = self.plain.rows()
        self._check_prices(planned, before, self.plain.copy.offers)
        entries = plain_entries(self.plain, before, self.plain.copy)
        assert shown(plan_entries(self.connection, planned, limit=100)) == entries
        assert shown(run_entries(self.connection, self.tenant_id, self.plain.newest_run)) == entries
        assert plan_undo(self.connection, self.tenant_id, target).empty
        found = state(self.connection, self.tenant_id)
        assert found is not None
        assert found.newest == self.plain.newest_run

    def _name_category(self, category: str, name: str | None) -> None:
        called = self.plain.category_name(category)
        if self.plain.name_category(category, name):
            version = categories.rename(self.connection, self.tenant_id, called, name or category)
            assert version == self.plain.newest_version

    def _recorded(self, use_case: Callable[..., int], *arguments: object) -> bool:
        try:
            version = use_case(self.connection, self.tenant_id, *arguments)
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


def play(connection: Connection, sequence: Sequence, *, undo_use_case: UndoUseCase = write_undo) -> None:
    """Play a sequence, comparing both sides after each step that may show."""
    first, steps = sequence
    world = World(connection, undo_use_case=undo_use_case)
    world.begin(first)
    world.check()
    for step in steps:
        world.take(step)
        world.check()
    world.check_reads()
    world.check_past()


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


def shown(entries: Iterable[Entry]) -> Entries:
    """Entries by key, in plain values."""
    return {
        astuple(entry.key): PlainEntry(entry.kind, _by_name(entry.changes), _by_name(entry.overrides))
        for entry in entries
    }


def _by_name(changes: Iterable[FieldChange]) -> dict[str, tuple[object, object]]:
    return {str(change.field): (_plain(change.old), _plain(change.new)) for change in changes}


def _plain(value: object) -> object:
    return tuple(astuple(tier) for tier in value) if isinstance(value, tuple) else value


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


_CATALOGUE: Final = text(
    "select c.*, (select array_agg(t.minimum_quantity) from unnest(c.tiers) t) as quantities, "
    "(select array_agg(t.price) from unnest(c.tiers) t) as prices from tenant_catalogue c"
)
_RELATIONS: Final = text("select kind, sku, related_sku, quantity from tenant_relations")
_EXACT: Final = text(
    "select count(*) filter (where c.kind = 'added') as added, "
    "count(*) filter (where c.kind = 'returned') as returned, "
    "count(*) filter (where c.kind = 'discontinued') as discontinued, "
    "count(*) filter (where c.kind = 'changed') as changed, count(*) filter (where c.cost) as cost, "
    "count(*) filter (where c.tiers) as tiers, count(*) filter (where c.sell_price) as sell_price, "
    "count(*) filter (where c.name) as name, count(*) filter (where c.description) as description, "
    "count(*) filter (where c.activity) as activity, "
    "count(*) filter (where c.product_type or c.charge_type or c.product_kind) as other "
    "from catalogue_pins p cross join lateral changes_of_all(p, "
    "row(:list, :revision, :full, :sell, :names, p.last_override)::catalogue_target) c "
    "where p.organization_id = :tenant"
)
