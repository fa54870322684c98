"""What is asked of a person who has a price list tried."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from twotier.cli.failure import CommandError
from twotier.cli.main import app

COLUMNS = "columns: {sku: '{id}', unit: month, price: '{price}'}\n"


@pytest.mark.parametrize(
    ("options", "mapping", "error"),
    [
        pytest.param([], None, "to try files beforehand, add --check", id="without check nothing is done"),
        pytest.param(
            ["--check"], None, "Name it with --currency, such as --currency EUR", id="the currency is missing"
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
            ["--check", "--currency", "EUR"], "colums: {}\n", "spec.colums: Extra inputs are not permitted", id="a slip"
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
