"""Fields are read as the API server accepts them, and refused in words a person can act on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from twotier.kinds.schema.fields import (
    AccountNumber,
    ContentDigest,
    Country,
    Duration,
    Email,
    HostName,
    Language,
    Money,
    Percent,
    ResourceName,
    TimeZone,
)


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        pytest.param(Duration, "90s", timedelta(seconds=90), id="seconds"),
        pytest.param(Duration, "5m", timedelta(minutes=5), id="minutes"),
        pytest.param(Duration, "PT5M", timedelta(minutes=5), id="minutes by ISO 8601"),
        pytest.param(Duration, "1d12h", timedelta(hours=36), id="days and hours"),
        pytest.param(Duration, "P1DT12H", timedelta(hours=36), id="days and hours by ISO 8601"),
        pytest.param(Duration, "2w", timedelta(days=14), id="weeks"),
        pytest.param(Duration, "P2W", timedelta(days=14), id="weeks by ISO 8601"),
        pytest.param(Percent, "5.5", Decimal("5.5"), id="a percentage keeps its decimals"),
        pytest.param(Percent, "0", Decimal(0), id="a percentage may be zero"),
        pytest.param(Money, "-0.0000000000000001", Decimal("-1e-16"), id="an amount keeps sixteen decimals"),
        pytest.param(TimeZone, "Europe/Athens", "Europe/Athens", id="a time zone keeps its name"),
        pytest.param(Language, "zh-Hans-CN", "zh-Hans-CN", id="a language with its script"),
        pytest.param(ContentDigest, "sha256:" + 64 * "a", 64 * "a", id="a digest with the name of its hash"),
        pytest.param(ContentDigest, 64 * "a", 64 * "a", id="a digest as a status shows it"),
        pytest.param(ResourceName, "a.b-c", "a.b-c", id="a name with dots"),
    ],
)
def test_a_field_is_read(field: Any, written: str, read: object) -> None:
    assert TypeAdapter(field).validate_python(written) == read


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        pytest.param(Duration, "", "write a duration such as", id="an empty duration"),
        pytest.param(Duration, "5", "write a duration such as", id="a duration without a unit"),
        pytest.param(Duration, "P", "write a duration such as", id="a period of nothing"),
        pytest.param(Duration, "PT", "write a duration such as", id="a time of nothing"),
        pytest.param(Duration, "1h30", "write a duration such as", id="a duration with a number too many"),
        pytest.param(Percent, "1e3", "write a percentage", id="a percentage with an exponent"),
        pytest.param(Percent, "NaN", "write a percentage", id="a percentage that is not a number"),
        pytest.param(Money, "Infinity", "write an amount", id="an amount without an end"),
        pytest.param(Money, "1_000", "write an amount", id="an amount with an underscore"),
        pytest.param(Money, "0.0000000000000000001", "write an amount", id="an amount of nineteen decimals"),
        pytest.param(Country, "gr", "write the two capital letters", id="a country in small letters"),
        pytest.param(Country, "GR\n", "write the two capital letters", id="a country with a line break"),
        pytest.param(
            TimeZone, "Europe/Atlantis", "there is no time zone Europe/Atlantis", id="a time zone that does not exist"
        ),
        pytest.param(TimeZone, "../etc/passwd", "write the IANA name", id="a time zone that leaves its folder"),
        pytest.param(Email, "a@b", "write an e-mail address", id="an e-mail address without a domain"),
        pytest.param(HostName, "Shop.example", "write a host name in lower case", id="a host name in capitals"),
        pytest.param(AccountNumber, "-1", "write an account number", id="an account number that looks negative"),
    ],
)
def test_a_field_is_refused_in_words(field: Any, written: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(field).validate_python(written)
    assert message in str(refused.value)
