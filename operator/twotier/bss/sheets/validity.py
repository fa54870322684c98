"""When a row is valid, from the two moments that the file gives it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

# What programs write for an end that never comes.
FOR_EVER: Final = 9999

_MOMENT: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?P<zone>Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_LAST_OF_DAY: Final = re.compile(r"23:59(:59(\.\d+)?)?")


class MomentError(ValueError):
    """A text that is not a moment, or not one after the start; the message is to be read after the value.

    Attributes:
        is_end: whether the end of the validity is meant.
    """

    def __init__(self, message: str, *, is_end: bool) -> None:
        super().__init__(message)
        self.is_end = is_end


@dataclass(frozen=True, slots=True)
class Validity:
    """The time from one moment on and up to, but not including, another; None is no limit. Both are in UTC."""

    start: datetime | None
    end: datetime | None

    def includes(self, moment: datetime) -> bool:
        """Whether it is valid at a moment."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)

    def next_boundary(self, moment: datetime) -> datetime | None:
        """The first moment after this one at which it begins or ends to be valid; None if it never does."""
        if self.start is not None and moment < self.start:
            return self.start
        return self.end if self.end is not None and moment < self.end else None


@lru_cache(maxsize=1024)
def validity(start: str, end: str) -> Validity:
    """Read a validity, "" for no limit; files have few of them, and many rows of each.

    Without a zone a moment is in UTC. A day without a time is the whole day, and the last minute or second of a day
    as an end is the end of that day: whoever writes 23:59:59 leaves no second between two prices.

    Raises:
        MomentError: one of them is not a moment, or the end is before the start.
    """
    read = Validity(_moment(start, is_end=False), _moment(end, is_end=True))
    if read.start is not None and read.end is not None and read.end < read.start:
        raise MomentError(f"is before the start of the validity, {start}", is_end=True)
    return read


def _moment(text: str, *, is_end: bool) -> datetime | None:
    if not text:
        return None
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise MomentError("is not a moment such as 2026-09-01 or 2026-09-01T00:00:00Z", is_end=is_end)
    day, time, zone = found.group("day", "time", "zone")
    try:
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}{zone or 'Z'}")
    except ValueError:
        raise MomentError("is not a moment: there is no such day, or no such time of a day", is_end=is_end) from None
    try:
        moment = (_end(moment, time) if is_end else moment).astimezone(UTC)
    except OverflowError:
        return None
    return None if is_end and moment.year == FOR_EVER else moment


def _end(moment: datetime, time: str | None) -> datetime:
    if time is None:
        return moment + timedelta(days=1)
    if _LAST_OF_DAY.fullmatch(time):
        return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment
