"""What is asked of a person who has a price list tried."""

from pathlib import Path

import pytest
from tests.unit.cli.showing import NOW, printed
from typer.testing import CliRunner

from twotier.bss.price_lists.checking import CheckReport
from twotier.bss.sheets.faults import Fault, PriceListRefused, RefusalReason
from twotier.cli.client.format_file import format_of_preset
from twotier.cli.failure import CommandError
from twotier.cli.main import app
from twotier.cli.verbs.import_ import check_report, refusal_report

COLUMNS = "columns: {sku: '{id}', unit: month, price: '{price}'}\n"


@pytest.mark.parametrize(
    ("options", "mapping", "error"),
    [
        pytest.param([], None, "to check files beforehand, add --check", id="without check nothing is done"),
        pytest.param(
            ["--check"], None, "name it with --currency, such as --currency EUR", id="the currency is missing"
        ),
        pytest.param(
            ["--check", "--preset", "excel"], None, "there is no preset excel: name twotier or", id="a preset"
        ),
        pytest.param(
            ["--check", "--preset", "twotier"],
            COLUMNS,
            "name --mapping or --preset, not both",
            id="a preset and columns",
        ),
        pytest.param(
            ["--check", "--currency", "EUR"],
            "colums: {}\n",
            "mapping.yaml: colums is unknown: did you mean columns?",
            id="a slip",
        ),
        pytest.param(
            ["--check", "--currency", "EUR"],
            COLUMNS.replace("}\n", ", nam: '{name}'}\n"),
            "mapping.yaml: columns.nam is unknown: did you mean name",
            id="a slip in a column",
        ),
        pytest.param(
            ["--check", "--currency", "EUR"],
            "kind: PriceList\nspec: {format: {columns: {sku: '{id}', unit: month, prise: '{price}'}}}\n",
            "mapping.yaml: spec.format.columns.price: Field required; spec.format.columns.prise is unknown: did you "
            "mean price",
            id="a slip in a PriceList",
        ),
        pytest.param(
            ["--check", "--row-filter", "Market"],
            None,
            "--row-filter Market: name a column and a value, such as Market=DE",
            id="a row filter without a value",
        ),
        pytest.param(
            ["--check", "--row-filter", "Market=DE"],
            COLUMNS,
            "name --mapping or --row-filter, not both: write rowFilter into",
            id="a row filter and columns",
        ),
        pytest.param(
            ["--check", "--currency", "EUR"],
            COLUMNS.replace("{price}", "{price"),
            "the format cannot be used",
            id="a template that does not end",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_told(tmp_path: Path, options: list[str], mapping: str | None, error: str) -> None:
    (tmp_path / "prices.csv").write_text("id,price\nMAIL,4\n", encoding="utf-8")
    named = []
    if mapping is not None:
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        named = ["--mapping", str(tmp_path / "mapping.yaml")]
    refused = CliRunner().invoke(app, ["import", str(tmp_path / "prices.csv"), *options, *named])
    assert isinstance(refused.exception, CommandError)
    assert error in str(refused.exception)


def test_rows_are_chosen_by_an_option() -> None:
    chosen = format_of_preset("microsoft-nce", ["Market=DE", "Market=AT", "Title=a=b"])
    assert chosen.preset == "microsoft-nce"
    assert chosen.row_filter == {"Market": {"DE", "AT"}, "Title": {"a=b"}}


@pytest.mark.parametrize("by_option", [True, False], ids=["by an option", "by the file that is named"])
def test_how_to_choose_rows_is_told(*, by_option: bool) -> None:
    refused = PriceListRefused((Fault("sheet.csv", 4, "Market", RefusalReason.MIXED_ROWS, "Market is both"),), 1)
    told = printed(refusal_report([Path("sheet.csv")], refused, 80, by_option=by_option))
    assert ("--row-filter Market=DE" in told) == by_option


def test_when_other_rows_are_valid_is_told() -> None:
    found = CheckReport(1, 0, 0, 0, 1, 1, 0, 0, 0, next_boundary=NOW)
    assert "other rows become valid at 2026-03-14 09:30:00 UTC" in printed(
        check_report([Path("sheet.csv")], found, "EUR", 80)
    )
