"""Whatever a source says over time, under whatever guards: the list and its suspects are what a plain model says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from twotier.bss.database import Database
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding import suspects
from twotier.bss.price_lists.guarding.guards import UNGUARDED, Guards
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.price_lists.revisions import compare
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

START = datetime(2026, 8, 1, tzinfo=UTC)
HOURS = timedelta(hours=1)

Key = tuple[str, str]
Offer = tuple[int, str, bool]
Content = Mapping[Key, Offer]

# Price, name of the product as this row says it, and whether the offer is active.
offers = st.tuples(st.integers(0, 3), st.sampled_from(["One", "Two"]), st.booleans())
contents: st.SearchStrategy[Content] = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["month", "year"])), offers, min_size=1
)
guards = st.builds(
    Guards,
    max_removed_percent=st.sampled_from([0, 25, 50, 100]),
    min_rows=st.sampled_from([0, 1, 3]),
    max_price_change_percent=st.sampled_from([None, Decimal(50), Decimal(100)]),
    hold_zero_prices=st.booleans(),
    discontinue_after=st.sampled_from([0 * HOURS, 2 * HOURS, 5 * HOURS]),
)


@dataclass(frozen=True)
class Step:
    """What the source says after some hours, under which guards, and whether a person accepts what is held then."""

    content: Content
    guards: Guards
    hours: int
    accepts: bool


steps = st.builds(Step, contents, guards, st.integers(0, 4), st.booleans())


@dataclass
class Model:
    """A list by the plain rules."""

    head: Content | None = None
    missing_since: dict[Key, datetime] = field(default_factory=dict)

    def says(self, content: Content, guards: Guards, now: datetime) -> bool:
        """Take in what the source says; whether it is held."""
        head, content = self.head or {}, _settled(content)
        missing = head.keys() - content.keys()
        due = {key for key in missing if self._since(key, now) + guards.discontinue_after <= now}
        expired = due & self.missing_since.keys()
        if content != self.head and self._is_suspicious(head, content, guards, missing - expired, expired):
            return True
        self.missing_since = {key: self._since(key, now) for key in missing - due}
        self.head = _settled({**content, **{key: head[key] for key in missing - due}})
        return False

    def accepts(self, content: Content) -> None:
        """Take in what a person lets through."""
        self.head, self.missing_since = _settled(content), {}

    def _since(self, key: Key, now: datetime) -> datetime:
        return self.missing_since.get(key, now)

    @staticmethod
    def _is_suspicious(head: Content, content: Content, guards: Guards, missing: set[Key], expired: set[Key]) -> bool:
        percent = guards.max_price_change_percent
        prices = [(head[key][0], content[key][0]) for key in head.keys() & content.keys()]
        changed = [(old, new) for old, new in prices if old != new]
        return (
            len(content) < guards.min_rows
            or len(missing) * 100 > guards.max_removed_percent * (len(head) - len(expired))
            or (guards.hold_zero_prices and any(new == 0 for _, new in changed))
            or (percent is not None and any(abs(new - old) * 100 > percent * old for old, new in changed))
        )


def _settled(content: Content) -> Content:
    """The name of a product is that in the row of its first unit."""
    first = {sku: min(unit for other, unit in content if other == sku) for sku, _ in content}
    return {
        (sku, unit): (price, content[sku, first[sku]][1], active) for (sku, unit), (price, _, active) in content.items()
    }


@given(sequence=st.lists(steps, min_size=1, max_size=7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_guarded_list_is_what_the_plain_rules_say(
    sequence: Sequence[Step], operator_database: Database, distributor: UUID
) -> None:
    model, now = Model(), START
    with operator_database.engine.connect() as connection:
        price_list = declare_price_list(connection, distributor, PriceListDeclaration("any", "USD"), ids=uuid4)
        for step in sequence:
            now += step.hours * HOURS
            result = _import(connection, price_list, step, now)
            held = model.says(step.content, step.guards, now)
            assert (result.held is not None) == held
            if result.held is not None and step.accepts:
                result = _import(connection, price_list, step, now, accepted=result.held.digest)
                model.accepts(step.content)
                assert result.held is None
            _agrees(connection, price_list, result, model)
        if model.head:
            fresh = declare_price_list(connection, distributor, PriceListDeclaration("fresh", "USD"), ids=uuid4)
            same = _import(connection, fresh, Step(model.head, UNGUARDED, 0, accepts=False), now)
            assert same.head is not None
            assert result.head is not None
            assert same.head.digest == result.head.digest
        connection.rollback()


def _import(
    connection: Connection, price_list: int, step: Step, now: datetime, accepted: str | None = None
) -> ImportResult:
    rows = [
        f"{sku},{unit},{price},{name},{str(active).lower()}"
        for (sku, unit), (price, name, active) in step.content.items()
    ]
    part = Part("list.csv", "\n".join(["sku,unit,price,name,active", *rows]).encode())
    return import_price_list(
        connection, price_list, [part], twotier(), guards=step.guards, accepted_digest=accepted, now=now
    )


def _agrees(connection: Connection, price_list: int, result: ImportResult, model: Model) -> None:
    rows = connection.execute(
        text(
            "select sku, unit, price, name, o.active from open_offer o join open_product p using (price_list_id, sku) "
            "where price_list_id = :id"
        ),
        {"id": price_list},
    )
    assert {(row.sku, row.unit): (row.price, row.name, row.active) for row in rows} == (model.head or {})
    assert (result.head is None) == (model.head is None)
    if result.head is not None:
        newest = result.head.revision
        assert compare(connection, price_list, newest - 1, newest).counts == result.head.differences
    listed = suspects.listed(connection, price_list, limit=100)
    assert {(each.sku, each.unit): each.missing_since for each in listed} == model.missing_since
    assert result.suspects == len(model.missing_since)
