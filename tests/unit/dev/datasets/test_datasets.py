"""Converters of public price data."""

import gzip
from decimal import Decimal

import pytest

from twotier.dev.datasets import DATASETS
from twotier.dev.datasets.numbers import plain

AZURE = b"""{"DZH/0001|meter|Consumption|": {"armRegionName": "westeurope", "meterName": "M", "productName": "P",
"retailPrice": 6.5e-05, "skuName": "S", "unitOfMeasure": "1 Hour", "unitPrice": 6.50}}"""
REGISTRAR = b"""{"meta": {}, "data": {"gr": {"maxYears": 10, "member-price": {"create": 1.10},
"regular-price": {"create": 2}, "non-member-price": {"create": 3}}}}"""
GCP = b"compute:\n  instance:\n    a2:\n      ram: 1\n      cost:\n        europe:\n          hour: 0.712186381369863\n"


@pytest.mark.parametrize(
    ("name", "original", "rows"),
    [
        ("azure-retail", AZURE, ["DZH/0001,meter,Consumption,,P,S,M,westeurope,1 Hour,0.000065,6.50,,USD"]),
        ("registrar", REGISTRAR, ["gr,member-price,create,1.10,10", "gr,regular-price,create,2,10"]),
        ("gcp", GCP, ['compute/instance/a2/europe,hour,0.712186381369863,USD,"a2, europe",compute instance,compute']),
    ],
)
def test_an_original_becomes_rows_with_the_digits_of_its_publisher(name: str, original: bytes, rows: list[str]) -> None:
    dataset = DATASETS[name]
    assert dataset.to_csv(original).decode().splitlines() == [",".join(dataset.header), *rows]
    assert dataset.to_csv(gzip.compress(original)) == dataset.to_csv(original)


@pytest.mark.parametrize("number", ["6.5e-05", "1E3", "12.50", "0"])
def test_a_number_without_exponent_is_the_same_number(number: str) -> None:
    assert "e" not in plain(number).lower()
    assert Decimal(plain(number)) == Decimal(number)
