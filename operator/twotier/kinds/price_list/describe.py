"""How a PriceList is described to people, and what its status means for plans."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from twotier.bss.sheets.presets import DEFAULT
from twotier.kinds.describing import Description, Pair, Remark, Rows, Section, Shown, Step, Values
from twotier.kinds.price_list.declaration import (
    ACCEPTED,
    Guards,
    HeldRevision,
    PriceListSpec,
    PriceListStatus,
    Source,
    VendorFlags,
)
from twotier.runtime.status import READY
from twotier.words import counted, hours, moment, short

FLAGS: Final = ("SKU", "UNIT", "THE SHEET SAYS", "IT IS")


def not_accepted(status: PriceListStatus) -> str | None:
    """Return why the newest revision does not have the content of the source; None if it does."""
    found = (status.condition(type_) for type_ in (ACCEPTED, READY))
    return next((each.message for each in found if each is not None and each.status == "False"), None)


def _declared(spec: PriceListSpec) -> Iterator[Pair]:
    yield "Distributor", spec.distributor
    yield "Currency", spec.currency
    yield "Source", _source(spec.source)
    yield "Format", spec.format.preset or ("columns of its own" if spec.format.columns else DEFAULT)
    yield "Active", "yes" if spec.active else "no: it cannot be assigned to tenants"
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


def _became(status: PriceListStatus) -> Iterator[Pair]:
    if status.revision is None:
        yield "Revision", "none has been accepted yet"
        return
    content = f"{counted(status.offers or 0, 'offer')} of {counted(status.products or 0, 'product')}"
    yield "Revision", f"{status.revision}, with {content}"
    yield "Imported", "" if status.last_imported_at is None else moment(status.last_imported_at)
    yield "Confirmed", "" if status.last_good_import_at is None else moment(status.last_good_import_at)
    yield (
        "Suspect",
        f"{counted(status.suspects, 'offer')}, missing from the source and still sold" if status.suspects else "",
    )


def _sections(shown: Shown[PriceListSpec, PriceListStatus]) -> Iterator[Section]:
    if shown.status.held is not None:
        yield Section("Held", (Values(tuple(_held(shown.status.held))),))
    if shown.status.vendor_flags is not None and shown.status.vendor_flags.wrong:
        yield Section("Publisher's flags that do not fit", _flags(shown.status.vendor_flags))


def _held(held: HeldRevision) -> Iterator[Pair]:
    yield "Content", f"{short(held.digest)}, {counted(held.offers, 'offer')} of {counted(held.products, 'product')}"
    yield "New", counted(held.differences.added, "offer")
    yield "Gone", counted(held.differences.removed, "offer")
    yield "Other price", counted(held.differences.price_changed, "offer")
    yield "Otherwise", counted(held.differences.other_changed, "offer")


def _flags(flags: VendorFlags) -> tuple[Rows, Remark]:
    rows = tuple((each.sku, each.unit, each.flag, each.found) for each in flags.examples)
    return Rows(FLAGS, rows), Remark(f"{counted(flags.wrong, 'flag')} of {flags.flagged:,}; they decide nothing.")


def _steps(shown: Shown[PriceListSpec, PriceListStatus]) -> Iterator[Step]:
    held = shown.status.held
    if shown.spec.suspend:
        return
    if held is not None:
        # A valid acceptance would have published it by now.
        used_up = shown.looked_at and shown.spec.accepted_digest == held.digest
        accepting = "remove spec.acceptedDigest and set it again" if used_up else "accept exactly this content"
        yield Step(
            f"Correct the source; or, if its content is right, {accepting}:",
            ("spec:", f"  acceptedDigest: {held.digest}"),
        )
    if shown.status.suspects:
        yield Step("If the offers are missing by accident, add them to the source again.")


DESCRIPTION: Final = Description(declared=_declared, became=_became, sections=_sections, steps=_steps)
