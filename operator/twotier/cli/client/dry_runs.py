"""Declarations in files as dry-run requests to TwoTier, merged with what the cluster has. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from twotier.cli.client.cluster import MANAGER_PREFIX, spec_of
from twotier.cli.client.connection import Json
from twotier.cli.failure import CommandError
from twotier.kinds.registry import DEFINITIONS
from twotier.kinds.schema.spec import Spec
from twotier.runtime.resource import API_VERSION, describe
from twotier.web.api.models import DraftAssignment, DraftPriceList, DryRunRequest, SourceFile
from twotier.web.api.models.dry_runs import MOST_ASSIGNMENTS, MOST_RESTORES

PRICE_LIST: Final = "PriceList"
ASSIGNMENT: Final = "PriceListAssignment"
TENANT: Final = "TenantReseller"
CONFIG_MAP: Final = "ConfigMap"
READ: Final = {PRICE_LIST: API_VERSION, ASSIGNMENT: API_VERSION, TENANT: API_VERSION, CONFIG_MAP: "v1"}
SPECS: Final = {each.kind: each.spec for each in DEFINITIONS if each.kind in READ}
SET_BY_VERBS: Final = ("approvedPlan", "restoreRun")
MOST_PRICE_LISTS: Final = 20

Named = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Declarations:
    """Resources of one namespace, by kind and name."""

    by_kind: Mapping[str, Named] = field(default_factory=dict)

    def of(self, kind: str) -> Named:
        """Return the resources of a kind, by name."""
        return self.by_kind.get(kind, {})

    def over(self, others: "Declarations") -> "Declarations":
        """Return these resources, plus those of others that are not among them."""
        kinds = {*self.by_kind, *others.by_kind}
        return Declarations({kind: {**others.of(kind), **self.of(kind)} for kind in kinds})


@dataclass(frozen=True, slots=True)
class DryRunQuestion:
    """A dry run for one distributor.

    Attributes:
        tenants: their names, by the numbers of their accounts.
    """

    distributor: str
    request: DryRunRequest
    tenants: Mapping[str, str]


def declarations(documents: Iterable[Json], namespace: str) -> Mapping[str, Declarations]:
    """Sort documents by namespace; other kinds are left out.

    Args:
        namespace: of documents that name none.
    """
    found: dict[str, dict[str, dict[str, Json]]] = defaultdict(lambda: defaultdict(dict))
    for each in documents:
        kind, metadata = str(each.get("kind")), each.get("metadata") or {}
        if READ.get(kind) == each.get("apiVersion") and "name" in metadata:
            found[metadata.get("namespace", namespace)][kind][metadata["name"]] = each
    return {name: Declarations(kinds) for name, kinds in found.items()}


def dry_runs(
    files: Declarations, live: Declarations, sources: Callable[[Json], Sequence[SourceFile]]
) -> list[DryRunQuestion]:
    """Return the dry runs to request, one for each distributor.

    Args:
        files: what would be applied.
        live: what the cluster has.
        sources: the files of a PriceList.

    Raises:
        CommandError: a spec in the files is invalid, a tenant is neither in the files nor in the cluster, or there are
            too many price lists or assignments.
    """
    for kind, specification in SPECS.items():
        for name, body in files.of(kind).items():
            _require_fit(f"{kind} {name}", specification, body)
    merged = files.over(live)
    lists = _changed_lists(files, merged)
    assignments = {
        name: body
        for name, body in merged.of(ASSIGNMENT).items()
        if name in files.of(ASSIGNMENT) or spec_of(body).get("priceList") in lists
    }
    asked_lists: dict[str, list[DraftPriceList]] = defaultdict(list)
    for name, body in lists.items():
        asked = DraftPriceList(name=name, spec=_kept(body, live.of(PRICE_LIST)), files=tuple(sources(body)))
        asked_lists[spec_of(body)["distributor"]].append(asked)
    asked_tenants: dict[str, dict[str, DraftAssignment]] = defaultdict(dict)
    for name, body in assignments.items():
        tenant = spec_of(_tenant_of(name, body, merged))
        account = tenant["account"]["number"]
        spec = _kept(body, live.of(ASSIGNMENT))
        asked_tenants[tenant["distributor"]][name] = DraftAssignment(account=account, spec=spec)
    return [
        _question(distributor, asked_lists[distributor], asked_tenants[distributor])
        for distributor in sorted({*asked_lists, *asked_tenants})
    ]


def _require_fit(called: str, specification: type[Spec], body: Json) -> None:
    """Check a spec while the name of its resource is known: requests carry only the account number."""
    try:
        specification.model_validate(spec_of(body))
    except ValidationError as error:
        raise CommandError(f"{called}: correct {describe(error)}") from error


def _question(
    distributor: str, lists: Sequence[DraftPriceList], tenants: Mapping[str, DraftAssignment]
) -> DryRunQuestion:
    if len(lists) > MOST_PRICE_LISTS:
        raise CommandError(
            f"{len(lists)} price lists of {distributor} would change, but at most {MOST_PRICE_LISTS} are compared at "
            "once: name fewer files"
        )
    restores = sum("restoreRun" in each.spec for each in tenants.values())
    for count, most, what in (
        (len(tenants), MOST_ASSIGNMENTS, "assignments"),
        (restores, MOST_RESTORES, "assignments with restoreRun"),
    ):
        if count > most:
            raise CommandError(
                f"{count} {what} of {distributor} are in the files or follow their price lists, but at most {most} are "
                "planned at once: name fewer files"
            )
    request = DryRunRequest(price_lists=tuple(lists), assignments=tuple(tenants.values()))
    return DryRunQuestion(distributor, request, {asked.account: name for name, asked in tenants.items()})


def _changed_lists(files: Declarations, merged: Declarations) -> Named:
    """The price lists in the files, and those whose ConfigMaps are."""
    config_maps = set(files.of(CONFIG_MAP))
    return {
        name: body
        for name, body in sorted(merged.of(PRICE_LIST).items())
        if name in files.of(PRICE_LIST) or config_maps & _config_maps(body)
    }


def _config_maps(price_list: Json) -> set[str]:
    source = spec_of(price_list).get("source") or {}
    return {each["name"] for each in source.get("configMaps") or ()}


def _tenant_of(name: str, assignment: Json, merged: Declarations) -> Json:
    tenant = spec_of(assignment).get("tenant", name)
    found = merged.of(TENANT).get(tenant)
    if found is None:
        raise CommandError(
            f"PriceListAssignment {name} names TenantReseller {tenant}, which is neither in the files nor in the "
            "cluster: add its file, or correct the name"
        )
    return found


def _kept(body: Json, live: Named) -> Json:
    """The spec after the file is applied: what our verbs set in the cluster stays, because no file sets it."""
    known = live.get(body["metadata"]["name"])
    if known is None or known is body:
        return spec_of(body)
    ours: Json = {
        name: spec_of(known)[name]
        for name in SET_BY_VERBS
        if name in spec_of(known) and any(_sets(each, name) for each in known["metadata"].get("managedFields", ()))
    }
    return {**ours, **spec_of(body)}


def _sets(managed: Json, name: str) -> bool:
    owned = managed.get("fieldsV1", {}).get("f:spec", {})
    return str(managed.get("manager", "")).startswith(MANAGER_PREFIX) and f"f:{name}" in owned
