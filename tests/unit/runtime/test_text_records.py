"""What DNS says, asked of a real server, and what happens when it says nothing."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.name_server import Zone, name_server
from tests.waiting import eventually

from twotier.kinds.settings import OperatorSettings
from twotier.runtime.settings import SettingsError
from twotier.runtime.text_records import TextRecords

NAME = "_twotier-challenge.www.contoso.example"


@pytest.fixture
def zone() -> Iterator[Zone]:
    with name_server() as zone:
        yield zone


def records(zone: Zone, at_once: int = 4) -> TextRecords:
    settings = OperatorSettings.from_environment({"TWOTIER_NAME_SERVERS": zone.address})
    return TextRecords(settings.name_servers, at_once)


def values(zone: Zone, name: str = NAME) -> frozenset[str] | None:
    return asyncio.run(records(zone).values(name, "shop"))


def test_all_values_of_a_record_are_found(zone: Zone) -> None:
    zone.records[NAME] = ("v=spf1 -all", "twotier-verification=abc", "x" * 300)
    assert values(zone) == frozenset({"v=spf1 -all", "twotier-verification=abc", "x" * 300})


def test_a_record_that_does_not_exist_has_no_values(zone: Zone) -> None:
    assert values(zone) == frozenset()
    assert zone.asked == [NAME]


@pytest.mark.parametrize(
    "name",
    [f"{'a' * 64}.example", f"{'a.' * 130}example", "a..example"],
    ids=["a long label", "a long name", "an empty label"],
)
def test_what_is_no_name_is_not_asked_for(zone: Zone, name: str) -> None:
    assert values(zone, name) is None
    assert zone.asked == []


def test_a_server_that_does_not_answer_is_no_answer(zone: Zone) -> None:
    zone.silent.add(NAME)
    assert values(zone) is None


async def _at_once(zone: Zone, at_once: int, *namespaces: str) -> list[frozenset[str] | None]:
    shared = records(zone, at_once)
    zone.silent.add("silent.example")
    held = [asyncio.create_task(shared.values("silent.example", namespace)) for namespace in namespaces]
    await asyncio.to_thread(eventually, lambda: len(zone.asked) >= len(held), lambda: f"asked: {zone.asked}")
    answers = [await shared.values(NAME, namespace) for namespace in ("slow", "other")]
    for each in held:
        each.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    return [*answers, await shared.values(NAME, "slow")]


def test_names_that_get_no_answer_hold_up_their_own_namespace_alone(zone: Zone) -> None:
    assert asyncio.run(_at_once(zone, 4, "slow")) == [None, frozenset(), frozenset()]


def test_no_more_look_ups_are_under_way_than_allowed(zone: Zone) -> None:
    assert asyncio.run(_at_once(zone, 2, "first", "second")) == [None, None, frozenset()]


@pytest.mark.parametrize("text", ["dns.example", "192.0.2.1:port", "192.0.2.1:99999", "::1", "a b"])
def test_a_name_server_is_named_by_its_address(text: str) -> None:
    with pytest.raises(SettingsError, match=r"TWOTIER_NAME_SERVERS is .*; it takes IP addresses, separated by commas"):
        OperatorSettings.from_environment({"TWOTIER_NAME_SERVERS": text})


def test_a_name_server_has_the_usual_port_unless_another_one_is_said() -> None:
    settings = OperatorSettings.from_environment(
        {"TWOTIER_NAME_SERVERS": "192.0.2.1, 192.0.2.2:5353,[2001:db8::1]:5353"}
    )
    assert [(each.address, each.port) for each in settings.name_servers] == [
        ("192.0.2.1", 53),
        ("192.0.2.2", 5353),
        ("2001:db8::1", 5353),
    ]
