"""Settings come from the environment, and wrong ones are named."""

from datetime import timedelta
from pathlib import Path

import pytest

from twotier.runtime.settings import Settings, SettingsError, described, variable


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.from_environment({})

    assert (settings.workers, settings.namespaces, settings.kubeconfig, settings.sweep_interval) == (
        16,
        (),
        None,
        timedelta(minutes=10),
    )


def test_set_to_nothing_is_not_set() -> None:
    assert Settings.from_environment({"TWOTIER_WORKERS": "", "TWOTIER_KUBECONFIG": ""}).kubeconfig is None


def test_two_processes_of_one_host_have_identities_of_their_own() -> None:
    assert Settings.from_environment({}).identity != Settings.from_environment({}).identity


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("kubeconfig", "/etc/twotier/kubeconfig", Path("/etc/twotier/kubeconfig")),
        ("namespaces", "north, south,", ("north", "south")),
        ("workers", "4", 4),
        ("sweep_interval", "1.5", timedelta(seconds=1.5)),
        ("shutdown_grace", "3", timedelta(seconds=3)),
        ("host", "127.0.0.1", "127.0.0.1"),
        ("port", "0", 0),
        ("lease_namespace", "north", "north"),
        ("lease_name", "mine", "mine"),
        ("lease_duration", "5", 5),
        ("identity", "me", "me"),
        ("log_level", "debug", "debug"),
        ("log_format", "json", "json"),
    ],
)
def test_a_variable_sets_its_setting(name: str, text: str, value: object) -> None:
    assert getattr(Settings.from_environment({variable(name): text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("TWOTIER_WORKERS", "0", "TWOTIER_WORKERS is '0'; it takes a whole number from 1 to 256."),
        ("TWOTIER_WORKERS", "many", "TWOTIER_WORKERS is 'many'; it takes a whole number from 1 to 256."),
        ("TWOTIER_SWEEP_INTERVAL", "0", "TWOTIER_SWEEP_INTERVAL is '0'; it takes a number of seconds."),
        ("TWOTIER_SWEEP_INTERVAL", "nan", "TWOTIER_SWEEP_INTERVAL is 'nan'; it takes a number of seconds."),
        ("TWOTIER_LOG_FORMAT", "xml", "TWOTIER_LOG_FORMAT is 'xml'; it takes auto, json or console."),
        ("TWOTIER_PORT", "65536", "TWOTIER_PORT is '65536'; it takes a port."),
    ],
)
def test_a_wrong_value_is_named_with_what_is_taken(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: text})

    assert str(refused.value) == message


def test_every_setting_is_described() -> None:
    undescribed = [name for name, setting in described(Settings).items() if not (setting.doc and setting.takes)]

    assert set(described(Settings)) == set(Settings.__dataclass_fields__)
    assert undescribed == []
