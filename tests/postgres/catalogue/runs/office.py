"""A distributor with two lists and two tenants, whose assignments are followed as the operator does it."""

from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import sleep
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from tests.postgres.catalogue.plain_model import Content
from tests.postgres.catalogue.rows import import_revision, make_list, make_organizations

from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.apply import Followed, PlanShown, UpToDate, follow
from twotier.bss.catalogue.runs.assignment import Approval, Assignment, TenantName
from twotier.bss.catalogue.runs.log import LogEntry, RunRecord
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.updates import Asked, Request, write_first_update
from twotier.bss.tenants import lifecycle

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA: Final = Asked("kubectl-edit", NOW)
_TENANT: Final = text(
    "insert into tenant (organization_id, phase, edition, language, date_format, separate_invoices, billing_day, "
    "activated_at) values (:id, 'Active', 'Basic', 'en', 'yyyy-MM-dd', false, 1, :now)"
)
_HEAD: Final = text("update price_list set head_revision = :revision where id = :list")
_DIGEST: Final = text(
    "update price_list_revision set digest = :digest where price_list_id = :list and revision = :revision"
)

_BLOCKED: Final = text("select true from pg_locks where not granted")


@dataclass
class Office:
    """The lists are "retail" and "wholesale", the tenants "contoso" and "fabrikam"."""

    distributor: UUID = field(default_factory=uuid4)
    tenants: dict[str, UUID] = field(default_factory=lambda: {"contoso": uuid4(), "fabrikam": uuid4()})
    lists: dict[str, int] = field(default_factory=dict)
    histories: dict[str, list[Content]] = field(default_factory=dict)
    plans: SharedPlans = field(default_factory=SharedPlans)

    def open(self, connection: Connection, first: Content) -> None:
        """Make everybody, publish the first revision of both lists, and give both tenants "retail".

        Args:
            connection: of a superuser who acts as the operator.
        """
        connection.execute(text("set local role none"))
        make_organizations(connection, self.distributor, *self.tenants.values())
        connection.execute(_TENANT, [{"id": id_, "now": NOW} for id_ in self.tenants.values()])
        for name in ("retail", "wholesale"):
            self.lists[name] = make_list(connection, self.distributor, name)
            self.publish(connection, first, name)
        for id_ in self.tenants.values():
            write_first_update(connection, id_, self.lists["retail"], 1, Request("test", NOW))

    def publish(self, connection: Connection, content: Content, name: str = "retail") -> int:
        """Publish a revision of a list past its import, and return its number."""
        history = self.histories.setdefault(name, [])
        history.append(content)
        connection.execute(text("set local role none"))
        import_revision(connection, self.lists[name], history)
        head = {"list": self.lists[name], "revision": len(history)}
        connection.execute(_HEAD, head)
        connection.execute(_DIGEST, head | {"digest": f"{name} {history.index(content)}"})
        connection.execute(text("set local role twotier_operator"))
        return len(history)

    def follow(
        self, connection: Connection, tenant: str = "contoso", *, asked: Asked | None = ADA, **more: Any
    ) -> Followed:
        """Follow an assignment of "retail", unless more is declared."""
        name = TenantName("test", str(self.distributor), str(self.tenants[tenant]))
        return follow(
            connection,
            self.plans,
            replace(Assignment(name, "retail"), **more),
            resource=f"assignment of {tenant}",
            started_at=NOW,
            clock=lambda: NOW,
            asked=asked,
        )

    def up_to_date(self, connection: Connection, tenant: str = "contoso", **more: Any) -> RunRecord:
        """Follow an assignment that leads to what is declared, and return the run in force."""
        followed = self.follow(connection, tenant, **more)
        assert isinstance(followed, UpToDate), followed
        return followed.run

    def shown(self, connection: Connection, tenant: str = "contoso", **more: Any) -> PlanShown:
        """Follow an assignment whose plan is shown and not applied."""
        followed = self.follow(connection, tenant, **more)
        assert isinstance(followed, PlanShown), followed
        return followed

    def planned(self, connection: Connection, tenant: str = "contoso", **more: Any) -> str:
        """Return the id of the plan that is shown under approval Manual."""
        return self.shown(connection, tenant, approval=Approval.MANUAL, **more).plan_id

    def suspend(self, connection: Connection, tenant: str = "contoso") -> None:
        lifecycle.suspend(connection, self.tenants[tenant])

    def resume(self, connection: Connection, tenant: str = "contoso") -> None:
        lifecycle.resume(connection, self.tenants[tenant])

    @staticmethod
    def await_blocked(connection: Connection, other: Future[Any]) -> None:
        """Return once what another connection does waits for a lock."""
        while not connection.execute(_BLOCKED).first():
            assert not other.done(), other.result()
            sleep(0.01)

    def log(self, connection: Connection, tenant: str = "contoso") -> list[LogEntry]:
        """Return the log of a tenant, the oldest first."""
        return log.runs(connection, self.tenants[tenant])[::-1]
