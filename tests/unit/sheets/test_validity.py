"""When a row is valid."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twotier.bss.sheets.validity import MomentError, Validity, validity

MICROSECOND = timedelta(microseconds=1)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day, and a time if there is one


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("", "", Validity(None, None), id="empty cells are no limit"),
        pytest.param(
            "1753-01-01T00:00:00.0000000Z",
            "9999-11-30T00:00:00.0000000Z",
            Validity(moment(1753, 1, 1), None),
            id="the year 9999 is never, and seven digits of fractional seconds are read",
        ),
        pytest.param(
            "2026-09-01",
            "2026-09-01",
            Validity(moment(2026, 9, 1), moment(2026, 9, 2)),
            id="a day without a time is the whole day",
        ),
        pytest.param(
            "2026-09-01T00:00:00Z",
            "2026-09-30T23:59:59.9999999Z",
            Validity(moment(2026, 9, 1), moment(2026, 10, 1)),
            id="the last moment of a day is its end",
        ),
        pytest.param("", "2026-09-30T23:59:59", Validity(None, moment(2026, 10, 1)), id="as is its last second"),
        pytest.param("", "2026-09-30 23:59", Validity(None, moment(2026, 10, 1)), id="and its last minute"),
        pytest.param(
            "",
            "2026-09-30T23:59:59+02:00",
            Validity(None, moment(2026, 9, 30, 22)),
            id="the last second of a day in another zone is the end of it there",
        ),
        pytest.param(
            "2026-09-01T12:30:00+05:30",
            "2026-09-02T00:00:00",
            Validity(moment(2026, 9, 1, 7), moment(2026, 9, 2)),
            id="a zone counts, and without one it is UTC",
        ),
        pytest.param(
            "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59.9999999-10:00", Validity(None, None), id="what no UTC has"
        ),
    ],
)
def test_a_validity_is_read(start: str, end: str, expected: Validity) -> None:
    assert validity(start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        pytest.param("1/1/1753 12:00:00 AM", "", "is not a moment such as", id="as a spreadsheet writes it"),
        pytest.param("2026-13-01", "", "there is no such day", id="a month that is not"),
        pytest.param("", "2026-09-01T24:30:00", "or no such time of a day", id="a time that is not"),
        pytest.param(
            "2026-09-02", "2026-08-31", "is before the start of the validity, 2026-09-02", id="before it began"
        ),
    ],
)
def test_what_is_no_validity_is_refused(start: str, end: str, message: str) -> None:
    with pytest.raises(MomentError, match=message) as refused:
        validity(start, end)
    assert refused.value.is_end == bool(end)


moments = st.integers(-3, 3).map(lambda days: moment(2026, 8, 10) + timedelta(days=days))


@given(start=st.none() | moments, length=st.none() | st.integers(0, 5), now=moments)
def test_nothing_changes_before_the_next_boundary_and_something_does_at_it(
    start: datetime | None, length: int | None, now: datetime
) -> None:
    end = None if length is None else (start or moment(2026, 8, 10)) + timedelta(days=length)
    tried = Validity(start, end)
    boundary = tried.next_boundary(now)
    later = [now + timedelta(days=days) for days in range(12)] if boundary is None else [boundary - MICROSECOND]
    assert {tried.includes(each) for each in later} <= {tried.includes(now)}
    if boundary is not None and start != end:
        assert tried.includes(boundary) != tried.includes(now)
