"""A distributor with two lists and two tenants, whose assignments are pursued as the operator does it."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import sleep
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from tests.postgres.catalogue.plain_model import Content
from tests.postgres.catalogue.rows import import_revision, make_list, make_organizations

from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.log import LogEntry
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.updates import Asked, first_update
from twotier.bss.tenants import lifecycle
from twotier.kinds.price_list_assignment.apply import Assignment, Unasked, pursue
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.runtime.outcome import Done
from twotier.runtime.resource import Key

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
            first_update(connection, id_, self.lists["retail"], 1, requested_by="test", now=NOW)

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

    def pursue(
        self, connection: Connection, tenant: str = "contoso", *, asked: Asked | None = ADA, **spec: Any
    ) -> Done | Unasked | Exception:
        """Pursue an assignment of "retail", unless its spec says otherwise."""
        declared = PriceListAssignmentSpec.model_validate({"tenant": tenant, "priceList": "retail"} | spec)
        assignment = Assignment(
            Key("PriceListAssignment", "test", tenant),
            declared,
            str(self.distributor),
            str(self.tenants[tenant]),
            started_at=NOW,
            asked=asked,
        )
        return pursue(self.plans, lambda: NOW, assignment, connection)

    def done(self, connection: Connection, tenant: str = "contoso", **spec: Any) -> Done:
        """Pursue an assignment that comes to an end, and return what is reported."""
        ended = self.pursue(connection, tenant, **spec)
        assert isinstance(ended, Done), ended
        return ended

    def planned(self, connection: Connection, tenant: str = "contoso", **spec: Any) -> str:
        """Return the id of the plan that is shown under approval Manual."""
        return str(self.done(connection, tenant, approval="Manual", **spec).status["plan"]["id"])

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
