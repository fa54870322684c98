"""A distributor's resources as people write them, and both sides of them to look at: the cluster and the database."""

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from kubernetes import client
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests import resources
from tests.resources import Object as Object  # noqa: PLC0414 -- a shop is made of them
from tests.waiting import eventually as eventually  # noqa: PLC0414 -- whoever has a shop waits for it

from twotier.bss.catalogue.reads.pages import CatalogueOffer, page_by_sku
from twotier.bss.database import SCHEMA, Database, Role
from twotier.dev.cluster import Cluster
from twotier.runtime.resource import API_VERSION

LABEL = "twotier.dev/price-list"
HEADER = "sku,unit,price,name,recommendedSellPrice"
MAIL, DISK, BACKUP = "MAIL,month,4.20,Mail,6.00", "DISK,month,1.50,Disk,", "BACKUP,month,9,Backup,12"


def csv(*rows: str) -> str:
    """Return a price list in TwoTier's own format."""
    return "\n".join((HEADER, *rows, ""))


def resource(kind: str, name: str, spec: Mapping[str, Any], **metadata: object) -> Object:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name, **metadata}, "spec": dict(spec)}


def distributor(name: str = "aegean", **spec: object) -> Object:
    defaults = {
        "displayName": "Aegean Cloud",
        "country": "GR",
        "timeZone": "Europe/Athens",
        "currency": "EUR",
        "tenantDefaults": {
            "countries": ["CY", "GR"],
            "taxes": [{"name": "VAT 24 %", "ratePercent": "24"}],
            "paymentMethods": [{"name": "Bank transfer"}, {"name": "Card", "gateway": "stripe"}],
        },
    }
    return resource("Distributor", name, defaults | spec)


def price_list(name: str = "retail", *rows: str, **spec: object) -> Object:
    """A PriceList with these rows inline, of which every one may vanish, unless its spec says otherwise."""
    defaults = {
        "distributor": "aegean",
        "currency": "EUR",
        "source": {"inline": csv(*(rows or (MAIL, DISK)))},
        "guards": {"maxRemovedPercent": 100},
    }
    return resource("PriceList", name, defaults | spec)


def tenant(name: str = "contoso", **spec: object) -> Object:
    return resource(
        "TenantReseller",
        name,
        {
            "distributor": "aegean",
            "account": {"number": f"R-{name}", "name": name.title(), "address": {"country": "GR"}},
            "edition": "Basic",
            "administrator": {"email": f"ada@{name}.example", "firstName": "Ada", "lastName": "Lovelace"},
        }
        | spec,
    )


def assignment(name: str = "contoso", **spec: object) -> Object:
    return resource("PriceListAssignment", name, {"tenant": name, "priceList": "retail"} | spec)


def config_map(name: str, label: str | None = None, **content: object) -> Object:
    """A ConfigMap; `data`, `binaryData` and `immutable` are its content."""
    metadata = {"name": name, "labels": {LABEL: label} if label else {}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **content}


@dataclass(frozen=True)
class Condition:
    """A condition as it is shown."""

    status: str
    reason: str
    message: str


@dataclass(frozen=True)
class Shop:
    """One namespace and one database."""

    cluster: Cluster
    kubernetes: client.ApiClient
    namespace: str
    database_url: str

    # The cluster

    def kubectl(self, *arguments: str) -> str:
        """Run kubectl in the namespace."""
        return self.cluster.run(*arguments, f"--namespace={self.namespace}")

    def apply(self, *declared: Object) -> None:
        """Apply resources as a person would."""
        for each in declared:
            resources.apply(self.kubernetes, self.namespace, each)

    def get(self, kind: str, name: str) -> Object:
        """Return a resource as the API server shows it; {} if there is none."""
        return resources.get(self.kubernetes, self.namespace, kind, name)

    def status(self, kind: str, name: str) -> Object:
        """Return the status of a resource."""
        return dict(self.get(kind, name).get("status", {}))

    def condition(self, kind: str, name: str, type_: str = "Ready") -> Condition | None:
        """Return a condition that speaks of the current generation."""
        found = self.get(kind, name)
        for each in found.get("status", {}).get("conditions", ()):
            if each["type"] == type_ and each["observedGeneration"] == found["metadata"]["generation"]:
                return Condition(each["status"], each["reason"], each["message"])
        return None

    def await_condition(self, kind: str, name: str, status: str, reason: str, type_: str = "Ready") -> str:
        """Wait until a condition is as expected; return its message."""

        def is_so() -> bool:
            found = self.condition(kind, name, type_)
            return found is not None and (found.status, found.reason) == (status, reason)

        eventually(is_so, lambda: f"{kind} {name} {type_}: {self.status(kind, name)}")
        found = self.condition(kind, name, type_)
        assert found is not None
        return found.message

    def await_message(self, kind: str, name: str, start: str) -> None:
        """Wait until what a resource says of itself begins so."""

        def says() -> bool:
            found = self.condition(kind, name)
            return found is not None and found.message.startswith(start)

        eventually(says, lambda: f"{kind} {name}: {self.status(kind, name)}")

    def await_ready(self, *declared: Object) -> None:
        """Wait until resources are as declared."""
        for each in declared:
            kind, name = each["kind"], each["metadata"]["name"]
            eventually(lambda: self.is_ready(kind, name), lambda: f"{kind} {name}: {self.status(kind, name)}")  # noqa: B023 -- asked in this round

    def is_ready(self, kind: str, name: str) -> bool:
        """Tell whether a resource is as declared."""
        found = self.condition(kind, name)
        return found is not None and found.status == "True"

    def await_status(self, kind: str, name: str, field: str, value: object) -> Object:
        """Wait until a field of a status has a value; return the status."""
        eventually(
            lambda: self.status(kind, name).get(field) == value, lambda: f"{kind} {name}: {self.status(kind, name)}"
        )
        return self.status(kind, name)

    def await_a_later_second(self, kind: str, name: str) -> None:
        """Wait until what is created now is younger than a resource: creation times have whole seconds."""
        created = datetime.fromisoformat(self.get(kind, name)["metadata"]["creationTimestamp"])
        eventually(lambda: datetime.now(UTC) >= created + timedelta(seconds=1), lambda: f"{created}")

    def delete(self, kind: str, name: str, *, wait: bool = True) -> None:
        """Delete a resource, and wait until it is gone unless told not to."""
        self.kubectl("delete", kind, name, f"--wait={str(wait).lower()}", "--timeout=40s")

    def secret(self, name: str) -> Mapping[str, str]:
        """Return the entries of a Secret, decoded; {} if there is none."""
        secrets = client.CoreV1Api(self.kubernetes)
        found = secrets.list_namespaced_secret(self.namespace, field_selector=f"metadata.name={name}").items
        data = (found[0].data if found else None) or {}
        return {entry: base64.b64decode(value).decode() for entry, value in data.items()}

    # The database

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement as an administrator."""
        engine = create_engine(make_url(self.database_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text(f"set local search_path = {SCHEMA}"))
            return [tuple(row) for row in connection.execute(text(sql), parameters)]

    def tables(self) -> list[str]:
        """Return the names of all tables of ours."""
        return [
            name
            for (name,) in self.rows(
                "select tablename from pg_tables where schemaname = :schema order by 1", schema=SCHEMA
            )
        ]

    def counts(self, *, apart_from: Iterable[str] = ()) -> Counter[str]:
        """Return how many rows each table has."""
        return Counter(
            {
                table: self.rows(f"select count(*) from {table}")[0][0]  # noqa: S608 -- names from the catalog
                for table in self.tables()
                if table not in apart_from
            }
        )

    def organization_id(self, name: str = "contoso") -> UUID | None:
        """Return the organisation that the account of a tenant has."""
        found = self.rows(
            "select t.id from organization t join organization root on root.id = t.root_id "
            "where root.namespace = :namespace and t.account_number = :number",
            namespace=self.namespace,
            number=f"R-{name}",
        )
        return found[0][0] if found else None

    def catalogue(self, name: str = "contoso") -> dict[str, CatalogueOffer]:
        """Return the offers that a tenant has, by SKU, as it sees them."""
        organization_id = self.organization_id(name)
        assert organization_id is not None
        database = Database(self.database_url, Role.API, pool_size=1)
        with database.tenant_transaction(organization_id) as connection:
            offers = page_by_sku(connection)
        database.dispose()
        return {offer.sku: offer for offer in offers}

    def prices(self, name: str = "contoso") -> dict[str, tuple[Decimal, Decimal | None]]:
        """Return cost and sell price of the offers that a tenant has, by SKU."""
        return {sku: (offer.cost, offer.sell_price) for sku, offer in self.catalogue(name).items()}
