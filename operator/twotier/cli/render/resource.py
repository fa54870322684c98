"""A resource in its parts, for a person who asks how it stands: what is declared, and what became of it. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel

from twotier.cli.client.connection import Json
from twotier.cli.client.observed import condition, speaks_of
from twotier.cli.render.layout import Text
from twotier.kinds.distributor.declaration import DistributorSpec, DistributorStatus
from twotier.kinds.price_list.declaration import Guards, PriceListSpec, PriceListStatus, Source
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status, StatusCondition
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec, TenantResellerStatus
from twotier.words import counted, hours, moment, short, with_options

Pair = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Standing:
    """A resource as the cluster has it."""

    definition: Definition
    body: Json
    spec: Spec
    status: Status

    @classmethod
    def of(cls, definition: Definition, body: Json) -> "Standing":
        """Read a resource; fields of a newer version are left out."""
        spec = definition.spec.model_validate(body.get("spec") or {})
        return cls(definition, body, spec, definition.status.model_validate(body.get("status") or {}))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.body["metadata"]["name"])

    @property
    def called(self) -> str:
        """What `status` calls it, such as pla/meltemi."""
        return f"{self.definition.short_name}/{self.name}"

    @property
    def looked_at(self) -> bool:
        """Whether the status speaks of the spec as it is now."""
        return speaks_of(self.status, self.body)

    @property
    def deleting(self) -> bool:
        """Whether it is being deleted."""
        return "deletionTimestamp" in self.body["metadata"]

    def condition(self, type_: str) -> StatusCondition | None:
        """Return a condition, if it is shown."""
        return condition(self.status, type_)


def declared(standing: Standing) -> Iterator[Pair]:
    """Yield what a person declared."""
    describe = _DECLARED.get(type(standing.spec), _scalars)
    yield from describe(standing.spec)
    if standing.spec.suspend:
        yield "Suspended", "yes: nothing is done until spec.suspend is false"


def became(standing: Standing) -> Iterator[Pair]:
    """Yield what became of it, apart from conditions."""
    describe = _BECAME.get(type(standing.status), _scalars)
    yield from describe(standing.status)


def _distributor(spec: DistributorSpec) -> Iterator[Pair]:
    yield "Name", spec.display_name
    yield "Country", f"{spec.country}, {spec.time_zone}"
    yield "Currency", spec.currency
    yield "Storefronts", f"below {spec.base_domain}" if spec.base_domain else ""


def _price_list(spec: PriceListSpec) -> Iterator[Pair]:
    yield "Distributor", spec.distributor
    yield "Currency", spec.currency
    yield "Source", _source(spec.source)
    yield "Format", spec.format.preset or ("columns of its own" if spec.format.columns else "twotier")
    yield "Active", "yes" if spec.active else "no: it may not be given to tenants"
    yield "Valid", _validity(spec)
    yield "Guards", ", ".join(_guards(spec.guards)) or "those of the operator"
    yield "Fresh for", "" if spec.max_age is None else hours(spec.max_age)
    yield "Accepted", "" if spec.accepted_digest is None else f"content {short(spec.accepted_digest)}"


def _source(source: Source) -> str:
    if source.artifact is not None:
        return f"{source.artifact.path} of {source.artifact.kind} {source.artifact.name}"
    if source.config_maps is not None:
        return f"ConfigMap {', '.join(each.name for each in source.config_maps)}"
    return "inline"


def _validity(spec: PriceListSpec) -> str:
    parts = (("from", spec.valid_from), ("until", spec.valid_until))
    return " ".join(f"{word} {day}" for word, day in parts if day is not None)


def _guards(guards: Guards | None) -> Iterator[str]:
    for name, value in [] if guards is None else guards.model_dump(by_alias=True).items():
        if value is not None:
            yield f"{name} {hours(value) if isinstance(value, timedelta) else value}"


def _tenant(spec: TenantResellerSpec) -> Iterator[Pair]:
    yield "Distributor", spec.distributor
    yield "Account", f"{spec.account.number}, {spec.account.name}"
    yield "Edition", spec.edition
    yield "State", spec.state
    yield "Deletion", spec.deletion_policy
    yield "Administrator", spec.administrator.email or ""


def _assignment(spec: PriceListAssignmentSpec) -> Iterator[Pair]:
    yield "Tenant", spec.tenant
    at = "its newest revision" if spec.revision is None else f"revision {spec.revision}"
    yield "Price list", f"{spec.price_list}, {at}"
    yield "Updates", with_options(spec.mode, sell_prices=spec.sell_prices, names=spec.names)
    yield "Approval", spec.approval
    yield "Approved plan", short(spec.approved_plan) if spec.approved_plan else ""
    yield "Restore run", "" if spec.restore_run is None else f"{spec.restore_run}: nothing newer is applied meanwhile"


def _made(status: DistributorStatus) -> Iterator[Pair]:
    yield "Organization", str(status.organization_id or "not made yet")


def _imported(status: PriceListStatus) -> Iterator[Pair]:
    if status.revision is None:
        yield "Revision", "none was accepted yet"
        return
    content = f"{counted(status.offers or 0, 'offer')} of {counted(status.products or 0, 'product')}"
    yield "Revision", f"{status.revision}, with {content}"
    yield "Imported", "" if status.last_imported_at is None else moment(status.last_imported_at)
    yield "Confirmed", "" if status.last_good_import_at is None else moment(status.last_good_import_at)
    yield (
        "Suspect",
        f"{counted(status.suspects, 'offer')}, missing from the source and still sold" if status.suspects else "",
    )


def _living(status: TenantResellerStatus) -> Iterator[Pair]:
    yield "Phase", status.phase or "not made yet"
    yield "Organization", str(status.organization_id or "")
    yield "Storefront", status.storefront_address or ""
    yield "Credentials", f"Secret {status.credentials_secret}" if status.credentials_secret else ""


def _assigned(status: PriceListAssignmentStatus) -> Iterator[Pair]:
    if status.run is None:
        yield "Catalogue", "none yet"
        return
    yield "Catalogue", f"{status.price_list}, revision {status.revision}"
    yield "Run", str(status.run)


def _scalars(model: BaseModel) -> Iterator[Pair]:
    for name, value in model.model_dump(mode="json", by_alias=True, exclude={"suspend"}).items():
        if isinstance(value, str | int) and name not in _OF_EVERY_STATUS:
            yield name, str(value)


_OF_EVERY_STATUS: Final = frozenset({"observedGeneration", "lastHandledReconcileAt"})
_DECLARED: Final[Mapping[type[Any], Callable[[Any], Iterator[Pair]]]] = {
    DistributorSpec: _distributor,
    PriceListSpec: _price_list,
    TenantResellerSpec: _tenant,
    PriceListAssignmentSpec: _assignment,
}
_BECAME: Final[Mapping[type[Any], Callable[[Any], Iterator[Pair]]]] = {
    DistributorStatus: _made,
    PriceListStatus: _imported,
    TenantResellerStatus: _living,
    PriceListAssignmentStatus: _assigned,
}
