"""A distributor with 10,000 tenants in sync: one that the operator made, and as many with the same rows and resources.

To have each of them provisioned would take an hour, and what the operator finds at its next start is the same.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import yaml
from kubernetes import client, config
from sqlalchemy import Connection, NullPool, create_engine, text

from twotier.bss.database import SCHEMA, driver_url
from twotier.dev.demo.stage import Stage, prepared_stage
from twotier.dev.installation import checkout
from twotier.dev.output import Output
from twotier.runtime.resource import FINALIZER, GROUP, VERSION

MODEL: Final = "model-tenant"
PARALLEL: Final = 8
PATIENCE_SECONDS: Final = 900
PLURALS: Final = {"TenantReseller": "tenantresellers", "PriceListAssignment": "pricelistassignments"}
METRIC: Final = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)

Object = dict[str, Any]


@dataclass(frozen=True)
class TenantFleet:
    """The stage, and the official client's way to it."""

    stage: Stage
    resources: client.CustomObjectsApi

    def create(self, body: Object) -> Object:
        """Create a resource, and write its status if it has one."""
        plural, name = PLURALS[body["kind"]], body["metadata"]["name"]
        place = (GROUP, VERSION, self.stage.namespace, plural)
        created = _object(self.resources.create_namespaced_custom_object(*place, body))
        if "status" in body:
            created["status"] = body["status"]
            self.resources.replace_namespaced_custom_object_status(*place, name, created)
        return created

    def read(self, kind: str, name: str) -> Object:
        """Return a resource."""
        place = (GROUP, VERSION, self.stage.namespace, PLURALS[kind])
        return _object(self.resources.get_namespaced_custom_object(*place, name))

    def all_of(self, kind: str) -> list[Object]:
        """Return all resources of a kind."""
        place = (GROUP, VERSION, self.stage.namespace, PLURALS[kind])
        return list(_object(self.resources.list_namespaced_custom_object(*place))["items"])

    def apply_example(self, name: str) -> None:
        """Apply a folder of the examples."""
        self.stage.cluster.apply(self.stage.cluster.render(checkout() / "examples" / name), self.stage.namespace)

    def metric(self, name: str, *labels: str) -> float:
        """Sum the operator's metrics of a name that carry all of these labels, each as `label="value"`."""
        found = METRIC.findall(self.stage.operator.metrics())
        return sum(float(value) for metric, shown, value in found if metric == name and all(x in shown for x in labels))


@contextmanager
def empty_fleet() -> Iterator[TenantFleet]:
    """Run everything until the end of the block, with nothing declared."""
    with prepared_stage(Output(sys.stderr), None) as stage, _connected(stage) as resources:
        yield TenantFleet(stage, resources)


@contextmanager
def running_fleet(count: int) -> Iterator[TenantFleet]:
    """Run everything until the end of the block, with so many tenants beside the model; the operator is stopped."""
    with empty_fleet() as fleet:
        fleet.apply_example("quickstart")
        for body in model(MODEL):
            fleet.create(body)
        wait_until(lambda: is_ready(fleet, MODEL), "the model does not become Ready")
        fleet.stage.operator.stop()
        organizations = _multiply_rows(fleet.stage.database_url, count)
        _multiply_resources(fleet, organizations)
        yield fleet


def model(name: str) -> tuple[Object, Object]:
    """Return a tenant like the quickstart's, without a storefront, and its assignment."""
    folder = checkout() / "examples" / "quickstart"
    tenant, assignment = yaml.safe_load_all((folder / "tenant.yaml").read_text(encoding="utf-8"))
    tenant["metadata"] = {"name": name}
    tenant["spec"]["account"] |= {"number": name, "name": name}
    del tenant["spec"]["storefront"]
    assignment["metadata"] = {"name": name}
    assignment["spec"]["tenant"] = name
    return tenant, assignment


def is_ready(fleet: TenantFleet, name: str) -> bool:
    """Return whether a tenant and its assignment are Ready."""
    found = (fleet.read(kind, name)["status"].get("conditions", []) for kind in PLURALS)
    return all(any((item["type"], item["status"]) == ("Ready", "True") for item in shown) for shown in found)


def is_active(fleet: TenantFleet, count: int) -> bool:
    """Return whether at least so many tenants are active, with credentials and a catalogue."""
    phases = [found.get("status", {}).get("phase") for found in fleet.all_of("TenantReseller")]
    return phases.count("Active") >= count


def wait_until(look: Callable[[], bool], complaint: str, pause: float = 0.02) -> None:
    """Look again and again, for a quarter of an hour at most."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        time.sleep(pause)


def _multiply_resources(fleet: TenantFleet, organizations: dict[str, str]) -> None:
    models = [fleet.read(kind, MODEL) for kind in PLURALS]
    own_id = models[0]["status"]["organizationId"]
    templates = []
    for found in models:
        metadata = {"name": MODEL, "finalizers": [FINALIZER] if found["kind"] == "TenantReseller" else []}
        kept = {key: found[key] for key in ("apiVersion", "kind", "spec", "status")}
        templates.append(json.dumps({**kept, "metadata": metadata}))

    def create(name: str) -> None:
        for template in templates:
            fleet.create(json.loads(template.replace(MODEL, name).replace(own_id, organizations[name])))

    with ThreadPoolExecutor(PARALLEL) as threads:
        list(threads.map(create, organizations))


def _multiply_rows(database_url: str, count: int) -> dict[str, str]:
    """Give so many more tenants the model's rows in every table; return their organisations by their names."""
    engine = create_engine(driver_url(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"set search_path = {SCHEMA}"))
        connection.execute(text("set session_replication_role = replica"))  # so that tables need no order
        connection.execute(
            text(
                "create temporary table fleet as select uuidv7() as id, format('tenant-%s', to_char(n, 'FM00000')) "
                "as name from generate_series(1, :count) n"
            ),
            {"count": count},
        )
        _copy(connection, "account", {"number": "f.name", "name": "f.name"}, "m.number = :model")
        _copy(connection, "account_link", {"account_number": "f.name"}, "m.account_number = :model")
        for table in _tables_of_tenants(connection):
            of_model = "m.organization_id = (select id from organization where account_number = :model)"
            _copy(connection, table, {"organization_id": "f.id"}, of_model)
        renamed = {"id": "f.id", "account_number": "f.name", "display_name": "f.name"}
        _copy(connection, "organization", renamed, "m.account_number = :model")
        connection.execute(text("analyze"))
        rows = connection.execute(text("select name, id::text as id from fleet"))
        return {row.name: row.id for row in rows}


def _tables_of_tenants(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            "select c.relname from pg_class c "
            "join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' "
            "where c.relnamespace = cast(:schema as regnamespace) and c.relkind = 'r' order by 1"
        ),
        {"schema": SCHEMA},
    )
    return list(rows.scalars())


def _copy(connection: Connection, table: str, changed: Mapping[str, str], of_model: str) -> None:
    columns = connection.execute(
        text(
            "select attname from pg_attribute where attrelid = cast(:table as regclass) and attnum > 0 "
            "and not attisdropped and attgenerated = '' and attidentity = '' order by attnum"
        ),
        {"table": table},
    ).scalars()
    values = {column: changed.get(column, f"m.{column}") for column in columns}
    # All of it comes from the catalog or from this file.
    insert = (
        f"insert into {table} ({', '.join(values)}) "  # noqa: S608 -- our own names
        f"select {', '.join(values.values())} from {table} m cross join fleet f where {of_model}"
    )
    connection.execute(text(insert), {"model": MODEL})


@contextmanager
def _connected(stage: Stage) -> Iterator[client.CustomObjectsApi]:
    connect = config.new_client_from_config
    with connect(str(stage.cluster.kubeconfig)) as api_client:  # type: ignore[no-untyped-call]  # the package is half typed
        yield client.CustomObjectsApi(api_client)


def _object(found: object) -> Object:
    assert isinstance(found, dict)  # noqa: S101 -- the client types every custom object as `object`
    return found
