"""twotier import --check judges files as an import does, and writes nothing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from twotier.bss.database import SCHEMA
from twotier.cli.main import app

PRICES = "id,price\nMAIL,4.20\nDISK,0\n"
MAPPING = "columns: {sku: '{id}', unit: month, price: '{price}'}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def check(folder: Path, url: str, *options: str) -> Result:
    mapping = ("--mapping", str(folder / "mapping.yaml"), "--currency", "EUR")
    arguments = ["import", "--check", str(folder / "prices.csv"), *mapping, *options]
    return CliRunner().invoke(app, arguments, env={"TWOTIER_DATABASE_URL": url}, catch_exceptions=False)


def test_files_that_can_be_imported_are_told_with_what_is_in_them(folder: Path, database_url: str) -> None:
    found = check(folder, database_url)
    assert found.exit_code == 0
    assert found.stdout.splitlines()[1:] == [
        "  Offers    2 offers of 2 products, in EUR",
        "  Rows      2 read",
        "  Free      1 offer at a price of zero",
        "  Unpriced  2 offers without a recommended sell price, unpublished until resellers set one",
    ]
    told = json.loads(check(folder, database_url, "-o", "json").stdout)
    assert (told["refused"], told["offers"], told["zeroPrices"]) == (False, 2, 1)


def test_files_that_would_be_refused_are_told_with_every_fault(folder: Path, database_url: str) -> None:
    (folder / "prices.csv").write_text('id,price\nMAIL,"4,20"\nDISK,-1\n', encoding="utf-8")
    refused = check(folder, database_url)
    assert refused.exit_code == 1
    assert refused.stdout.splitlines() == [
        f"{folder / 'prices.csv'} would be refused: 2 faults",
        '  line 2: price "4,20" is not a number',
        '  line 3: price "-1" is negative',
    ]
    told = json.loads(check(folder, database_url, "-o", "json").stdout)
    assert (told["reason"], [each["line"] for each in told["faults"]]) == ("InvalidPrice", [2, 3])


def test_nothing_is_written(folder: Path, database_url: str) -> None:
    assert check(folder, database_url).exit_code == 0
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text(f"select count(*) from {SCHEMA}.price_list")).scalar_one() == 0  # noqa: S608 -- our own schema
