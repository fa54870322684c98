"""Whatever lists, people, the reseller and the phase do, in whatever order, nothing comes that was not approved."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from tests.postgres.catalogue.runs.office import Office
from tests.postgres.catalogue.sequences import listed

from twotier.bss.catalogue.runs import stored_plans
from twotier.bss.catalogue.runs.apply import Followed, PlanShown, UpToDate
from twotier.bss.catalogue.runs.assignment import Approval
from twotier.bss.catalogue.runs.log import LogEntry, Outcome
from twotier.bss.catalogue.runs.planning import Plan, plan
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Update
from twotier.bss.database import Database, act_for
from twotier.bss.reseller.overrides import SellPrice, record_offer_override

CONTENTS = (listed(a=(1, 2), b=(3, 4)), listed(a=(2, 3), b=(3, 4)), listed(a=(2, 3), c=(5, None)))

_steps = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, len(CONTENTS) - 1)),
    st.tuples(st.just("approve"), st.integers(0, 5)),
    st.tuples(st.just("restore"), st.integers(1, 5)),
    st.tuples(st.sampled_from(["release", "suspend", "resume", "edit"]), st.just(0)),
)


class Life:
    """A tenant whose updates await approval, and what is declared for it at the moment."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.office = Office()
        self.office.open(connection, CONTENTS[0])
        self.tenant = self.office.tenants["contoso"]
        self.declared: dict[str, Any] = {"approval": Approval.MANUAL, "sell_prices": True}
        self.active = True
        self.shown: list[str] = []

    def take(self, step: str, number: int) -> None:
        match step:
            case "publish":
                self.office.publish(self.connection, CONTENTS[number])
            case "approve" if self.shown:
                self.declared |= {"approved_plan": self.shown[-1 - number % len(self.shown)]}
            case "restore":
                self.declared |= {"restored_run": number}
            case "release":
                self.declared.pop("restored_run", None)
            case "suspend" if self.active:
                self.office.suspend(self.connection)
                self.active = False
            case "resume" if not self.active:
                self.office.resume(self.connection)
                self.active = True
            case "edit":
                self._edit()

    def approved(self) -> StoredPlan | None:
        """The plan that may be applied now."""
        if "approved_plan" not in self.declared or "restored_run" in self.declared or not self.active:
            return None
        found = stored_plans.find(self.connection, self.tenant, self.declared["approved_plan"])
        return found if found is not None and found.live else None

    def look(self) -> Followed:
        """Follow the assignment, and keep the id of the plan that is shown."""
        followed = self.office.follow(self.connection, **self.declared)
        if isinstance(followed, PlanShown):
            self.shown.append(followed.plan_id)
        return followed

    def runs(self) -> list[LogEntry]:
        return [entry for entry in self.office.log(self.connection) if entry.outcome is Outcome.APPLIED]

    def planned(self) -> Plan:
        head = len(self.office.histories["retail"])
        return plan(self.connection, self.tenant, Update(self.office.lists["retail"], head, sell_prices=True))

    def _edit(self) -> None:
        self.connection.execute(text("set local role twotier_api"))
        act_for(self.connection, self.tenant)
        record_offer_override(self.connection, self.tenant, "a", "month", SellPrice(Decimal(9)))
        self.connection.execute(text("set local role twotier_operator"))


@pytest.fixture
def connection(operator_database: Database) -> Iterator[Connection]:
    with operator_database.engine.connect() as connection:
        yield connection


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, max_size=12))
def test_nothing_is_applied_but_what_was_approved_and_nothing_twice(
    connection: Connection, steps: list[tuple[str, int]]
) -> None:
    with connection.begin() as transaction:
        life = Life(connection)
        for step in steps:
            life.take(*step)
            before, approved = life.runs(), life.approved()
            ended = life.look()
            new = life.runs()[len(before) :]
            if "restored_run" in life.declared:
                assert [run.restored for run in new] in ([], [life.declared["restored_run"]])
            else:
                assert [run.plan_id for run in new] == ([approved.id] if approved else [])
            if new and approved:
                assert (new[0].after, new[0].changes) == (("retail", approved.update.revision), approved.changes)

            length = len(life.office.log(connection))
            again = life.look()
            assert again == ended
            assert len(life.office.log(connection)) == length
            if "restored_run" not in life.declared:
                assert isinstance(ended, UpToDate) == life.planned().empty
        applied = [run.plan_id for run in life.runs() if run.plan_id]
        assert len(applied) == len(set(applied))
        transaction.rollback()
