"""The reference pages, from the code that they describe."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from twotier.bss.price_lists.guarding.guards import HoldReason
from twotier.bss.reseller.ownership import MATRIX
from twotier.bss.reseller.rules import Area, Rule
from twotier.bss.sheets.faults import RefusalReason
from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.markdown import code, page, table
from twotier.kinds.registry import DEFINITIONS, KINDS, Registered
from twotier.kinds.schema.manifest import columns, resource_schema
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.status import Status
from twotier.kinds.schema.structural import VALIDATIONS, status_schema
from twotier.kinds.settings import OperatorSettings
from twotier.runtime.metrics import Metrics, RequestMetrics
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import API_VERSION
from twotier.runtime.settings import ProcessSettings, described, variable
from twotier.web.settings import ServeSettings
from twotier.web.shared.metrics import ServeMetrics

STANDARD_CONDITIONS: Final = {
    "Ready": "The last permitted state is in force.",
    "Reconciling": "Shown while true: work is under way, or will be retried automatically.",
    "Stalled": "Shown while true: a person must act; the message says how.",
}
SERIES: Final = {"counter": "_total"}
FIGURES: Final[Mapping[str, type[RequestMetrics]]] = {"twotier operator": Metrics, "twotier serve": ServeMetrics}
PROCESSES: Final[Mapping[str, type[ProcessSettings]]] = {
    "twotier operator": OperatorSettings,
    "twotier serve": ServeSettings,
}


def resources() -> str:
    """Return the page of all kinds with all fields."""
    sections = [_kind(each) for each in KINDS]
    introduction = (
        f"All kinds are namespaced and of `{API_VERSION}`. References are by name, in the same namespace. "
        "Unknown fields are refused by `kubectl` and by server-side apply. "
        "Anything that has no effect in this version is refused with the reason `NotYetSupported`."
    )
    common = "## Status of every kind\n\n" + _status(status_schema(Status))
    return page("Resources", introduction, *sections, common)


def conditions_and_reasons() -> str:
    """Return the page of all conditions and their reasons."""
    own = [
        (definition.kind, name, meaning)
        for definition in DEFINITIONS
        for name, meaning in definition.conditions.items()
    ]
    everywhere = [("every kind", name, meaning) for name, meaning in STANDARD_CONDITIONS.items()]
    return page(
        "Conditions and reasons",
        "`status.conditions` follow kstatus: `kubectl wait --for=condition=Ready`, Flux and Helm understand them.",
        "## Conditions\n\n" + table(("Kind", "Condition", "When it is true"), [*everywhere, *own]),
        "## Reasons of every kind\n\n" + table(("Reason", "Meaning"), _meanings(CommonReason)),
        *(
            f"## Reasons of {each.definition.kind}\n\n" + table(("Reason", "Meaning"), _meanings(each.reasons))
            for each in KINDS
            if each.reasons is not None
        ),
        "## Reasons for which a price list is refused\n\n"
        "The condition `Accepted` has one of these when `Ready` says `SourceRefused`.\n\n"
        + table(("Reason", "Meaning"), _meanings(RefusalReason)),
        "## Reasons for which a price list is held\n\n"
        "The condition `Accepted` has the first that applies when `Ready` says `Held`.\n\n"
        + table(("Reason", "Meaning"), _meanings(HoldReason)),
    )


def metrics() -> str:
    """Return the page of the metrics of every process."""
    measured = [
        f"of a {definition.kind} {code(definition.measured)}" for definition in DEFINITIONS if definition.measured
    ]
    return page(
        "Metrics",
        "Processes serve them at `/metrics`, for Prometheus. "
        f"`twotier_condition` reports these conditions: {'; '.join(measured)}.",
        *(f"## {process}\n\n{_metrics(figures)}" for process, figures in FIGURES.items()),
    )


def _metrics(figures: type[RequestMetrics]) -> str:
    found = [metric for metric in vars(figures(CollectorRegistry())).values() if isinstance(metric, MetricWrapperBase)]
    rows = [
        # The library reports labels of a metric only once it has a sample; these exist from the start.
        (f"`{family.name}{SERIES.get(family.type, '')}`", family.type, code(metric._labelnames), family.documentation)
        for metric in found
        for family in metric.describe()
    ]
    return table(("Metric", "Type", "Labels", "Meaning"), sorted(rows))


def settings() -> str:
    """Return the page of the settings of every process."""
    return page(
        "Settings",
        f"Processes read them from their environment. `{URL_VARIABLE}` names the PostgreSQL database that they "
        "use, as `postgresql://user:password@host/database`; all others have a default.",
        *(f"## {process}\n\n{_settings(read)}" for process, read in PROCESSES.items()),
    )


def _settings(read: type[ProcessSettings]) -> str:
    defaults = {field.name: _default(field.default) for field in fields(read)}
    rows = [
        (f"`{variable(name)}`", setting.takes, defaults[name], setting.doc) for name, setting in described(read).items()
    ]
    return table(("Variable", "Takes", "Default", "What it is for"), rows)


def ownership() -> str:
    """Return the page of who owns what of inherited products."""
    introduction = (
        "Each property of what a reseller inherits is owned by the distributor or by the reseller. "
        "Resellers cannot change what the distributor owns, and updates never overwrite what the reseller owns, "
        "unless an option says so. `kubectl twotier explain ownership` shows the same."
    )
    sections = [
        f"## {area}\n\n"
        + table(("Property", "Owner", "The reseller may", "What it means", "What a reseller does", "Enforced by"), rows)
        for area in Area
        if (rows := [_ownership(rule) for rule in MATRIX if rule.area is area])
    ]
    return page("Ownership", introduction, *sections)


def _ownership(rule: Rule) -> tuple[str, ...]:
    enforced = rule.enforced_by[0].upper() + rule.enforced_by[1:]
    return (f"{rule.title} (`{rule.key}`)", rule.owner, rule.verdict, rule.comment, rule.instead, f"{enforced}.")


def _kind(kind: Registered) -> str:
    definition = kind.definition
    schema = resource_schema(definition)
    spec, status = schema["properties"]["spec"], schema["properties"]["status"]
    headings = ("Field", "Type", "Default", "Limits", "Meaning")
    printed = ", ".join(f"{column.name} (wide)" if column.wide else column.name for column in columns(definition))
    parts = [
        f"## {definition.kind}",
        f"{definition.description} Short name `{definition.short_name}`.",
        f"`kubectl get` prints: {printed}.",
        *_without_effect(kind),
        f"### {definition.kind} spec",
        table(headings, [_field(path, schema, required) for path, schema, required in _walk(spec, "spec")]),
        *_rules(definition, schema),
        f"### {definition.kind} status\n\nIn addition to what every kind has:",
        _status(status, without=Status),
    ]
    return "\n\n".join(parts)


def _status(schema: Mapping[str, Any], without: type[Status] | None = None) -> str:
    common = status_schema(without)["properties"] if without else {}
    own = {name: inner for name, inner in schema["properties"].items() if name not in common}
    rows = [(f"`{path}`", _type(inner), _text(inner)) for path, inner, _ in _walk({"properties": own}, "status")]
    return table(("Field", "Type", "Meaning"), rows)


def _without_effect(kind: Registered) -> Iterator[str]:
    if not kind.has_effect:
        yield "This kind has no effect in this version."


def _rules(definition: Definition, schema: Mapping[str, Any]) -> Iterator[str]:
    found = [*schema.get(VALIDATIONS, ()), *_object_rules(schema["properties"]["spec"])]
    if found:
        yield f"### {definition.kind} rules"
        yield "\n".join(f"- {rule['message']}" for rule in found)


def _object_rules(schema: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    if schema["type"] == "object":
        yield from schema.get(VALIDATIONS, ())
    for inner in schema.get("properties", {}).values():
        yield from _object_rules(inner.get("items", inner))


def _walk(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    for name, inner in schema.get("properties", {}).items():
        place = f"{path}.{name}"
        yield place, inner, name in schema.get("required", ())
        yield from _walk(inner.get("items", inner), f"{place}[]" if "items" in inner else place)


def _field(path: str, schema: Mapping[str, Any], required: bool) -> tuple[str, ...]:  # noqa: FBT001 -- of a tuple
    default = "required" if required else f"`{_default(schema['default'])}`" if "default" in schema else ""
    return f"`{path}`", _type(schema), default, _limits(schema), _text(schema)


def _type(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}s"
        case {"type": "object", "additionalProperties": values}:
            return f"map of {_type(values)}s"
        case {"type": "string", "format": str(form)}:
            return form
        case _:
            return str(schema["type"])


def _limits(schema: Mapping[str, Any]) -> str:
    in_words = [rule["message"] for rule in schema.get(VALIDATIONS, ()) if schema["type"] == "string"]
    if in_words:
        return "; ".join(in_words)
    told = [
        code(schema.get("enum", ())),
        _range(schema.get("minimum"), schema.get("maximum"), ""),
        _range(schema.get("minLength"), schema.get("maxLength"), " characters"),
        _range(schema.get("minItems"), schema.get("maxItems"), " entries"),
        _range(None, schema.get("maxProperties"), " entries"),
        *(_limits(schema[part]) for part in ("items", "additionalProperties") if _is_scalar(schema.get(part))),
    ]
    return "; ".join(text for text in told if text)


def _is_scalar(schema: Mapping[str, Any] | None) -> bool:
    return schema is not None and schema["type"] not in {"object", "array"}


def _range(lowest: int | None, highest: int | None, unit: str) -> str:
    match lowest, highest:
        case None, None:
            return ""
        case None, _:
            return f"at most {highest}{unit}"
        case _, None:
            return f"at least {lowest}{unit}"
        case _:
            return f"{lowest} to {highest}{unit}"


def _text(schema: Mapping[str, Any]) -> str:
    return str(schema["description"])


def _default(value: object) -> str:
    match value:
        case None | ():
            return "none"
        case timedelta():
            return f"{value.total_seconds():g}"
        case bool():
            return str(value).lower()
        case _:
            return "" if value is MISSING else str(value)


def _meanings(reasons: type[StrEnum]) -> list[tuple[str, str]]:
    """Read the line below each member, which Python does not keep at runtime.

    Raises:
        ValueError: a member has none.
    """
    (definition,) = ast.parse(inspect.getsource(reasons)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 -- it is the source of a class
    meanings = {}
    for member, line in zip(definition.body, definition.body[1:], strict=False):
        match member, line:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(meaning))):
                meanings[name] = meaning
    if missing := [reason.name for reason in reasons if reason.name not in meanings]:
        raise ValueError(f"document the meaning below each member of {reasons.__name__}: {', '.join(missing)}")
    return [(f"`{reason}`", meanings[reason.name]) for reason in sorted(reasons)]
