"""Time zones: the days that people count by."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownTimeZoneError(ValueError):
    """No time zone has this name."""


def require_time_zone(name: str) -> None:
    """Refuse what is not a time zone.

    Raises:
        UnknownTimeZoneError: the message says what a name looks like.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"there is no time zone {name}: write an IANA name such as Europe/Athens"
        raise UnknownTimeZoneError(message) from None


def day_in(time_zone: str, moment: datetime) -> date:
    """Return the date in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
