"""Real lists, imported in the order in which they were published, against counts that were found without TwoTier."""

import csv
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.revisions import Change, compare
from twotier.bss.sheets.faults import PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format, Property
from twotier.dev.datasets import DATASETS

DATA = Path(__file__).parents[2] / "data"
PAIRS = json.loads((DATA / "expected_diffs.json").read_text(encoding="utf-8"))
DATASET_OF = {"azure": "azure-retail", "registrar": "registrar", "gcp": "gcp"}
SERIES = sorted({(pair["set"], pair["series"]) for pair in PAIRS})

COMPARED = (
    Property.SKU,
    Property.UNIT,
    Property.PRICE,
    Property.NAME,
    Property.DESCRIPTION,
    Property.CATEGORY,
    Property.PRODUCT_TYPE,
    Property.CHARGE_TYPE,
)

Expected = Mapping[tuple[str, str], tuple[Any, ...]]


@pytest.mark.parametrize(("dataset", "series"), SERIES, ids=[name for _, name in SERIES])
def test_each_version_differs_from_the_one_before_as_published_and_all_can_be_read_back(
    *,
    dataset: str,
    series: str,
    operator_database: Database,
    price_list: int,
    imported: Callable[..., Imported],
    read_back: Callable[[int], Sequence[Row[Any]]],
) -> None:
    """Every pair of the oracle, every revision against its file.

    The oracle counts an offer as price_changed when its price is another one, and as other_attr_changed when its price
    is the same and any other attribute of it differs, appears or vanishes (of the Azure lists: the savings plan). It
    says nothing of the other attributes of the registrar's lists and of Google's, which have next to none.
    """
    converter = DATASETS[DATASET_OF[dataset]]
    pairs = [pair for pair in PAIRS if pair["series"] == series]
    files = list(dict.fromkeys(file for pair in pairs for file in (pair["old"], pair["new"])))
    revisions: dict[str, int] = {}
    contents: dict[str, bytes] = {}
    for file in files:
        contents[file] = converter.to_csv((DATA / file).read_bytes())
        revisions[file] = imported(contents[file], format_=converter.format).head.revision
    for pair in pairs:
        with operator_database.transaction() as connection:
            found = compare(connection, price_list, revisions[pair["old"]], revisions[pair["new"]]).counts
        assert (found.added, found.removed, found.price_changed) == (
            pair["added"],
            pair["removed"],
            pair["price_changed"],
        ), pair["new"]
        assert found.other_changed == pair.get("other_attr_changed", found.other_changed), pair["new"]
    for file in files:
        assert _found(read_back(revisions[file])) == _expected(contents[file], converter.format), file


def test_every_offer_that_the_publisher_says_has_changed_has_changed_and_no_other(
    operator_database: Database, price_list: int, imported: Callable[..., Imported]
) -> None:
    """The publisher of the Azure lists found the differences too, and named the keys."""
    azure = DATASETS["azure-retail"]
    files = sorted((DATA / "azure-retail").glob("vm-eu-west.*"))
    published = sorted((DATA / "azure-retail").glob("published-diff.*"))
    for revision, (file, differences) in enumerate(zip(files, published, strict=True), start=1):
        assert imported(azure.to_csv(file.read_bytes()), format_=azure.format).head.revision == revision
        with operator_database.transaction() as connection:
            found = compare(connection, price_list, revision - 1, revision)
            keys = {
                change: {(offer.sku, offer.unit) for offer in found.examples(connection, change, limit=10_000)}
                for change in Change
            }
        told = json.loads(gzip.decompress(differences.read_bytes()))
        assert keys[Change.ADDED] == _keys(told["added"])
        assert keys[Change.REMOVED] == _keys(told["removed"])
        repriced = [
            entry for entry in told["changed"] if entry["before"]["retailPrice"] != entry["after"]["retailPrice"]
        ]
        assert keys[Change.PRICE_CHANGED] == _keys(repriced)
        assert keys[Change.OTHER_CHANGED] == _keys(told["changed"]) - _keys(repriced)


def _keys(entries: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    parts = (entry["key"].split("|") for entry in entries)
    return {(f"{sku}:{meter}", f"{kind} {term}".strip()) for sku, meter, kind, term in parts}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair["set"] != "gcp"], ids=lambda pair: str(pair["new"]))
def test_an_import_counts_what_it_changes(pair: dict[str, Any], imported: Callable[..., Imported]) -> None:
    converter = DATASETS[DATASET_OF[pair["set"]]]
    old, new = (
        imported(converter.to_csv((DATA / pair[name]).read_bytes()), format_=converter.format)
        for name in ("old", "new")
    )
    assert (old.head.offers, new.head.offers) == (pair["old_rows"], pair["new_rows"])
    differences = new.head.differences
    if new.changed:
        assert (differences.added, differences.removed, differences.price_changed) == (
            pair["added"],
            pair["removed"],
            pair["price_changed"],
        )
    else:
        assert (pair["added"], pair["removed"], pair["price_changed"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "file", sorted((DATA / "registrar").glob("unified-catalog.*")), ids=lambda file: str(file.name)
)
def test_a_published_csv_file_needs_a_mapping_and_a_choice_of_its_currency_but_no_conversion(
    file: Path, imported: Callable[..., Imported], read_back: Callable[[int], Sequence[Row[Any]]]
) -> None:
    """These files have some rows in Nigerian naira between thousands in US dollars."""
    published = DATASETS["unified-catalog"]
    lines = gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)
    in_dollars = [line for line in lines if ",NGN," not in line]
    with pytest.raises(PriceListRefused) as refused:
        imported(file.read_bytes(), format_=published.format)
    assert refused.value.reason is RefusalReason.WRONG_CURRENCY
    assert refused.value.total == len(lines) - len(in_dollars)
    chosen = replace(published.format, row_filter={"currency": frozenset({"USD"})})
    imported(file.read_bytes(), format_=chosen)
    assert _found(read_back(1)) == _expected("".join(in_dollars).encode(), published.format)


def _found(rows: Sequence[Row[Any]]) -> Expected:
    return {
        (row.sku, row.unit): (row.price, row.name, row.description, row.category, row.product_type, row.charge_type)
        for row in rows
    }


def _expected(content: bytes, format_: Format) -> Expected:
    """What the file says, read by plain means; in these files all rows of a product agree about it."""
    records = csv.DictReader(content.decode().splitlines())
    columns = set(records.fieldnames or ())
    texts = {
        wanted: template.text for wanted, template in format_.templates.items() if set(template.columns) <= columns
    }
    expected = {}
    for record in records:
        cells = {column: value or format_.defaults.get(column, "") for column, value in record.items()}
        sku, unit, price, name, description, category, product_type, charge_type = (
            texts[wanted].format(**cells).strip() if wanted in texts else None for wanted in COMPARED
        )
        expected[sku or "", unit or ""] = (
            Decimal(price or ""),
            name,
            description,
            category,
            product_type,
            charge_type or "recurring",
        )
    return expected
