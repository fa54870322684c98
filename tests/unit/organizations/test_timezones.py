"""Time zones and the days that people count by."""

from datetime import UTC, date, datetime

import pytest

from twotier.bss.organizations.timezones import UnknownTimeZoneError, day_in, require_time_zone


@pytest.mark.parametrize("name", ["Europe/Athens", "UTC", "America/Argentina/Buenos_Aires"])
def test_time_zones_of_iana_are_known(name: str) -> None:
    require_time_zone(name)


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "/etc/localtime", "Europe", "x\0y"])
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(UnknownTimeZoneError, match=": write an IANA name such as Europe/Athens"):
        require_time_zone(name)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", date(2026, 11, 3)), ("UTC", date(2026, 11, 2)), ("Pacific/Pago_Pago", date(2026, 11, 1))],
    ids=["east", "Greenwich", "west"],
)
def test_one_moment_is_in_three_days(zone: str, day: date) -> None:
    assert day_in(zone, datetime(2026, 11, 2, 10, 30, tzinfo=UTC)) == day
