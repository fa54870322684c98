"""What a change in declarations would do, in words. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from twotier.cli.render.layout import GAP, Column, Line, Span, Text, line, paragraph, plain, section, table
from twotier.cli.render.plan import WARNING, tally
from twotier.web.api.models import (
    DryRun,
    ListDifference,
    ListDifferences,
    ListVerdict,
    PriceListDryRun,
    TenantDryRun,
)
from twotier.words import ARROW, NOTHING, amount, change, counted, short

OUTCOMES: Final = {"Unchanged": "", "Accepted": "green", "Held": "yellow", "Refused": "red"}
SYMBOLS: Final = {
    "added": Span("+", "green"),
    "removed": Span("-", "red"),
    "price": Span("~", "yellow"),
    "other": Span("~", "yellow"),
}
TENANTS: Final = (Column("TENANT"), Column("PRICE LIST"), Column("CHANGES"))


def diff_report(dry_run: DryRun, tenants: Mapping[str, str], width: int) -> list[Line]:
    """Return what would change, by price list and by tenant, and a summary line.

    Args:
        tenants: their names, by the numbers of their accounts.
    """
    return [
        *(each for price_list in dry_run.price_lists for each in _price_list(price_list, width)),
        *section("Tenants", _tenants(dry_run.tenants, tenants, width)),
        *_summary(dry_run, width),
    ]


def moves(tenant: TenantDryRun) -> bool:
    """Return whether a tenant's catalogue would change."""
    return tenant.outcome == "Planned"


def tenant_row(tenant: TenantDryRun, tenants: Mapping[str, str]) -> dict[str, object]:
    """Return the outcome for a tenant as a row of CSV."""
    row = tenant.model_dump(mode="json", by_alias=True, exclude={"changes"})
    return {"tenant": tenants.get(tenant.account)} | row | tenant.changes.as_json()


def _price_list(tried: PriceListDryRun, width: int) -> Iterator[Line]:
    yield line(Span(f"PriceList {tried.name}: ", "bold"), Span(_becomes(tried), OUTCOMES[tried.outcome]))
    if tried.message:
        yield from paragraph(tried.message, width, GAP)
    if tried.outcome == "Held":
        yield from _accepting(tried, width)
    if told := _differences(tried.differences):
        yield line(f"  {told}")
    if tried.suspects:
        yield line(Span(f"  ! {counted(tried.suspects, 'offer')} missing from the source and still sold", WARNING))
    yield from _examples(tried, width)
    yield ()


def _accepting(tried: PriceListDryRun, width: int) -> Iterator[Line]:
    yield from paragraph("Correct the source; or, to accept exactly this content:", width, GAP)
    for each in ("spec:", f"  acceptedDigest: {tried.digest}"):
        yield line(" " * GAP * 2, Span(each, "bold"))


def _examples(tried: PriceListDryRun, width: int) -> Iterator[Line]:
    if tried.examples:
        rows = [_example(each) for each in tried.examples]
        yield from table([Column("")] * len(rows[0]), rows, width, indent=GAP * 2, titles=False)
    more = sum(tried.differences.model_dump().values()) - len(tried.examples)
    if more > 0 and tried.examples:
        yield line(f"    … and {more:,} more")


def _becomes(tried: PriceListDryRun) -> str:
    old, new = tried.old_revision or NOTHING, tried.new_revision or NOTHING
    match tried.outcome:
        case "Unchanged":
            return f"unchanged, revision {old}"
        case "Accepted":
            return f"revision {old} {ARROW} {new}"
        case "Held":
            return f"would be held (content {short(tried.digest or '')})"
        case _:
            return "would be refused, with nothing imported"


def _differences(differences: ListDifferences) -> str:
    told = (
        (differences.added, "added"),
        (differences.removed, "removed"),
        (differences.price_changed, "with a new price"),
        (differences.other_changed, "changed in other ways"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in told if count)


def _example(each: ListDifference) -> list[Text]:
    symbol = SYMBOLS[each.change]
    return [symbol, Span(each.sku, symbol.style), each.unit, _prices(each)]


def _prices(each: ListDifference) -> str:
    old, new = each.old_price, each.new_price
    if old is None or new is None:
        known = old if new is None else new
        return each.name if known is None else f"price {amount(known)}"
    if old == new:
        return f"changed: {each.name}"
    return f"price {amount(old)} {ARROW} {amount(new)} ({change(old, new) or 'from nothing'})"


def _tenants(tried: Sequence[TenantDryRun], tenants: Mapping[str, str], width: int) -> list[Line]:
    rows: list[list[Text]] = [
        [tenants.get(each.account, each.account), each.price_list, _becomes_of(each)]
        for each in tried
        if each.outcome != "UpToDate"
    ]
    return table(TENANTS, rows, width, indent=GAP) if rows else []


def _becomes_of(tenant: TenantDryRun) -> Text:
    if tenant.outcome == "NotPlanned":
        return Span(tenant.message or "nothing can be planned", WARNING)
    warnings = [
        f"{count:,} {what}"
        for count, what in ((tenant.below_cost, "below cost"), (tenant.unpriced, "without a sell price"))
        if count
    ]
    told = tally(tenant.changes)
    return Span(f"{told} (! {', '.join(warnings)})", WARNING) if warnings else told


def _summary(dry_run: DryRun, width: int) -> list[Line]:
    verdicts = Counter(each.outcome for each in dry_run.price_lists)
    stopped = ", ".join(
        f"{verdicts[outcome]:,} {what}"
        for outcome, what in ((ListVerdict.HELD, "held"), (ListVerdict.REFUSED, "refused"))
        if verdicts[outcome]
    )
    changing = _would_change(dry_run, verdicts[ListVerdict.ACCEPTED])
    if not stopped and not changing:
        return [line(Span("No changes.", "bold"))]
    told = "; ".join(filter(None, (changing or "nothing would change", stopped)))
    first, *others = paragraph(f"Diff: {told}. Nothing was applied.", width)
    return [line(Span("Diff:", "bold"), plain(first).removeprefix("Diff:")), *others]


def _would_change(dry_run: DryRun, lists: int) -> str:
    tenants = sum(map(moves, dry_run.tenants))
    if not lists and not tenants:
        return ""
    return (
        f"{lists} of {counted(len(dry_run.price_lists), 'price list')} and {tenants:,} of "
        f"{counted(len(dry_run.tenants), 'tenant')} would change"
    )
