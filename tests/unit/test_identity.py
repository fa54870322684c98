"""Identifiers that sort by age."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest

from twotier.bss.identity import uuid7

MOMENT = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_it_is_the_example_of_rfc_9562() -> None:
    entropy = bytes.fromhex("0cc318c4dc0c0c07398f")
    assert str(uuid7(MOMENT, entropy)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize("entropy", [bytes(10), b"\xff" * 10], ids=["all zeros", "all ones"])
def test_version_and_variant_stand_whatever_the_entropy(entropy: bytes) -> None:
    made = uuid7(MOMENT, entropy)
    assert made.version == 7
    assert made.variant == RFC_4122


def test_later_ones_sort_after_earlier_ones() -> None:
    assert uuid7(MOMENT, b"\xff" * 10) < uuid7(MOMENT + timedelta(milliseconds=1), bytes(10))
