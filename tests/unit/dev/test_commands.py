"""The reference of the command line tells what the commands say."""

import pytest

from twotier.cli.main import app
from twotier.dev.commands import commands


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("twotier plan ASSIGNMENT [PLAN] [OPTIONS]", id="how a verb is called"),
        pytest.param("| `--yes`, `-y` |  |  | Do not ask for confirmation. |", id="a flag"),
        pytest.param(
            "| `--limit` | a whole number | `20` | How many runs to list, the newest first. |", id="an option's default"
        ),
        pytest.param("| `SKU` | text | required | Key of the product in the price list. |", id="what is required"),
        pytest.param("| `--output`, `-o` | `table`, `json`, `yaml`, `csv` | `table` | Output format. |", id="choices"),
        pytest.param(
            "| `--server` | text |  | Address of `twotier serve`; default: through the API server. Also "
            "`TWOTIER_SERVER`. |",
            id="the variable beside an option",
        ),
    ],
)
def test_the_page_tells(line: str) -> None:
    assert line in commands().splitlines()


def test_every_command_is_there_and_options_of_every_verb_only_once() -> None:
    page = commands()
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    assert [name for name in names if f"\n## twotier {name.rstrip('_')}\n" not in page] == []
    assert page.count("`--context`") == 1
