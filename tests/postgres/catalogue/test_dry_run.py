"""The promise of a dry_run: what it says before a change is what is planned after it."""

import csv
import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from tests.postgres.catalogue.plain_model import Content, Product
from tests.postgres.catalogue.resellers import give_edition
from tests.postgres.catalogue.rows import NOW, make_organizations
from tests.postgres.catalogue.sequences import (
    LISTS,
    Apply,
    Import,
    Sequence,
    SetPrice,
    SetText,
    Step,
    Undo,
    listed,
    sequences,
)

from twotier.bss.catalogue.runs.assignment import Assignment, TenantName
from twotier.bss.catalogue.runs.obstacles import RunRefusedError
from twotier.bss.catalogue.runs.planning import Plan, plan, plan_undo
from twotier.bss.catalogue.runs.updates import (
    Mode,
    Request,
    Update,
    state,
    write_first_update,
    write_undo,
    write_update,
)
from twotier.bss.database import Database, Role, act_for
from twotier.bss.dry_run import (
    DeclaredList,
    DryRun,
    DryRunInterruptedError,
    dry_run,
    rolling_back,
)
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding.guards import UNGUARDED, Guards
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.price_lists.revisions import head
from twotier.bss.reseller.overrides import (
    NotInCatalogueError,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)
from twotier.bss.sheets.faults import PriceListRefused
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

EXAMPLES: Final = int(os.environ.get("TWOTIER_LAW_EXAMPLES", "25"))
"""Each makes several true imports; more find rarer mistakes."""
STEPS: Final = 6
COLUMNS: Final = ("sku", "unit", "price", "recommendedSellPrice", "name", "description", "category", "active")
GUARDS: Final = (
    UNGUARDED,
    Guards(),
    Guards(max_removed_percent=100, discontinue_after=timedelta(days=2)),
    Guards(max_price_change_percent=Decimal(10)),
)


def file_of(content: Content) -> Part:
    """A revision as a file in TwoTier's own format."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(COLUMNS)
    for (sku, unit), offer in content.offers.items():
        product = content.products.get(sku, Product())
        sell = "" if offer.recommended_sell_price is None else offer.recommended_sell_price
        texts = (product.name, product.description or "", product.category or "")
        writer.writerow((sku, unit, offer.price, sell, *texts, str(offer.active).lower()))
    return Part("prices.csv", rows.getvalue().encode())


@dataclass(frozen=True)
class Change:
    """What is declared in the end.

    Attributes:
        price_list: number of the list that gets other files, and that the tenant follows.
        back_to: None, or over how many runs the tenant is put back.
    """

    price_list: int
    content: Content
    guards: Guards
    full: bool
    sell_prices: bool
    names: bool
    pinned: bool
    back_to: int | None


class Market:
    """A distributor with two lists and a tenant, to whom things happen an hour after one another."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.distributor, self.tenant = uuid4(), uuid4()
        self.now = NOW
        connection.execute(text("set local role none"))
        make_organizations(connection, self.distributor, self.tenant)
        give_edition(connection, self.tenant, "Premium")
        self.become(Role.OPERATOR)
        # Both from the start: a number that a dry_run gave to a list is not given again.
        self.list_ids = [self._declare(number) for number in LISTS]

    def become(self, role: Role) -> None:
        self.connection.execute(text(f"set local role {role}"))
        act_for(self.connection, self.tenant)

    def begin(self, content: Content) -> None:
        self.take_files(0, content)
        write_first_update(self.connection, self.tenant, self.list_ids[0], 1, Request("test", NOW))

    def take_files(self, number: int, content: Content, guards: Guards = UNGUARDED) -> ImportResult:
        return import_price_list(
            self.connection, self.list_ids[number], [file_of(content)], twotier(), guards=guards, now=self.now
        )

    def take(self, step: Step) -> None:
        """Do a step; what cannot be done is left out."""
        self.now += timedelta(hours=1)
        match step:
            case Import(number, content):
                self.take_files(number, content)
            case Apply():
                self._apply(step)
            case SetPrice(key, price) if price.amount is not None:
                self._set(record_offer_override, key.sku, key.unit, SellPrice(price.amount))
            case SetText(sku, "name" | "description" as field, value):
                self._set(record_product_override, sku, ProductField(field), value)
            case Undo(runs):
                self._undo(runs)
            case _:
                pass
        self.become(Role.OPERATOR)

    def newest(self) -> int:
        found = state(self.connection, self.tenant)
        assert found is not None
        return found.newest

    def current(self) -> int:
        found = state(self.connection, self.tenant)
        assert found is not None
        return found.current

    def head(self, number: int) -> int:
        found = head(self.connection, self.list_ids[number])
        return found.revision if found else 0

    def _declare(self, number: int) -> int:
        return declare_price_list(
            self.connection, self.distributor, PriceListDeclaration(f"list {number}", "EUR"), ids=uuid4
        )

    def _apply(self, step: Apply) -> None:
        if newest := self.head(step.price_list):
            mode = Mode.FULL if step.full else Mode.PARTIAL
            revision = newest - step.back % newest
            update = Update(self.list_ids[step.price_list], revision, mode, step.sell_prices, step.names)
            write_update(self.connection, self.tenant, update, Request("test", self.now), expected_newest=self.newest())

    def _set(self, use_case: object, *arguments: object) -> None:
        assert callable(use_case)
        self.become(Role.API)
        try:
            use_case(self.connection, self.tenant, *arguments)
        except NotInCatalogueError:
            return

    def _undo(self, runs: int) -> None:
        target = max(1, self.current() - runs)
        try:
            write_undo(self.connection, self.tenant, target, Request("test", self.now), expected_newest=self.newest())
        except RunRefusedError:
            return


def tried(market: Market, change: Change, assignment: Assignment) -> DryRun:
    """What is said before the change; nothing of it remains."""
    declared = DeclaredList(
        PriceListDeclaration(f"list {change.price_list}", "EUR"), [file_of(change.content)], twotier(), change.guards
    )
    with market.connection.begin_nested() as attempt:
        outcome = dry_run(
            market.connection, "test", str(market.distributor), [declared], [assignment], ids=uuid4, now=market.now
        )
        attempt.rollback()
    return outcome


def happened(market: Market, change: Change, assignment: Assignment) -> tuple[ImportResult | str, Plan | None]:
    """What the change does to the list, and what is planned for the tenant then."""
    try:
        result: ImportResult | str = market.take_files(change.price_list, change.content, change.guards)
    except PriceListRefused as refused:
        result = str(refused)
    revision = assignment.revision or market.head(change.price_list)
    try:
        if assignment.restored_run is not None and assignment.restored_run != market.current():
            return result, plan_undo(market.connection, market.tenant, assignment.restored_run)
    except RunRefusedError:
        return result, None
    if revision == 0:
        return result, None
    update = Update(
        market.list_ids[change.price_list], revision, assignment.mode, assignment.sell_prices, assignment.names
    )
    return result, plan(market.connection, market.tenant, update)


def declared_by(market: Market, change: Change) -> Assignment:
    run = None if change.back_to is None else max(1, market.current() - change.back_to)
    return Assignment(
        tenant=TenantName("test", str(market.distributor), str(market.tenant)),
        price_list=f"list {change.price_list}",
        mode=Mode.FULL if change.full else Mode.PARTIAL,
        sell_prices=change.sell_prices,
        names=change.names,
        revision=1 if change.pinned and run is None and market.head(change.price_list) else None,
        restored_run=run,
    )


changes: Final = st.builds(
    Change,
    price_list=st.sampled_from([0, 0, 1]),
    content=sequences.map(lambda sequence: sequence[0]),
    guards=st.sampled_from(GUARDS),
    full=st.booleans(),
    sell_prices=st.booleans(),
    names=st.booleans(),
    pinned=st.sampled_from([False, False, True]),
    back_to=st.sampled_from([None, None, None, 0, 1]),
)


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=sequences, change=changes)
def test_what_is_said_before_a_change_is_what_is_planned_after_it(
    sequence: Sequence, change: Change, engine: Engine
) -> None:
    with engine.begin() as connection:
        market = Market(connection)
        market.begin(sequence[0])
        for step in sequence[1][:STEPS]:
            market.take(step)
        market.now += timedelta(hours=1)
        assignment = declared_by(market, change)
        outcome = tried(market, change, assignment)
        result, planned = happened(market, change, assignment)
        (of_list,), (of_tenant,) = outcome.price_lists, outcome.tenants
        assert (of_list.refusal or of_list.result) == result
        assert of_tenant.plan == planned
        assert (of_tenant.obstacle is None) is (planned is not None)
        event(f"held: {isinstance(result, ImportResult) and result.held is not None}, planned: {planned is not None}")


@pytest.fixture
def tenant_of_one_list(engine: Engine) -> tuple[UUID, UUID]:
    """A distributor and its tenant, which has the only revision of a list."""
    with engine.begin() as connection:
        market = Market(connection)
        market.begin(listed(a=(1, 2)))
    return market.distributor, market.tenant


def _revisions(connection: Connection) -> int:
    return int(connection.execute(text("select count(*) from price_list_revision")).scalar_one())


def _dry_run(connection: Connection, distributor: UUID, now: datetime) -> DryRun:
    declared = DeclaredList(PriceListDeclaration("list 0", "EUR"), [file_of(listed(a=(3, 4)))], twotier(), UNGUARDED)
    return dry_run(connection, "test", str(distributor), [declared], [], ids=uuid4, now=now)


def test_nothing_of_it_remains(operator: Database, tenant_of_one_list: tuple[UUID, UUID]) -> None:
    with rolling_back(operator) as connection:
        outcome = _dry_run(connection, tenant_of_one_list[0], NOW)
        assert _revisions(connection) == 2
    assert outcome.price_lists[0].result is not None
    with operator.transaction() as connection:
        assert _revisions(connection) == 1


def test_nothing_of_it_remains_when_it_fails(operator: Database, tenant_of_one_list: tuple[UUID, UUID]) -> None:
    def fail() -> None:
        with rolling_back(operator) as connection:
            _dry_run(connection, tenant_of_one_list[0], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with operator.transaction() as connection:
        assert _revisions(connection) == 1


def test_one_that_takes_too_long_is_given_up(operator: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def linger() -> None:
        with rolling_back(operator) as connection:
            connection.execute(text("select pg_sleep(1)"))

    monkeypatch.setattr("twotier.bss.dry_run._BOUNDS", "set local transaction_timeout = '100ms'")
    with pytest.raises(DryRunInterruptedError, match="It took longer than 2 minutes"):
        linger()
