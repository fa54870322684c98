"""Identifiers: UUIDv7 (RFC 9562), so that keys sort by age and indexes grow at one end."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Ids = Callable[[], UUID]


def uuid7_ids(clock: Callable[[], datetime], entropy: Callable[[int], bytes]) -> Ids:
    """Return what makes new ids.

    Args:
        clock: the time, aware.
        entropy: so many random bytes.
    """
    return lambda: uuid7(clock(), entropy(10))


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """Return the UUIDv7 of a moment and 10 random bytes."""
    milliseconds = int(at.timestamp() * 1000)
    random = int.from_bytes(entropy[:10])
    value = (milliseconds << 80) | random
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)
