"""What counts as the same between a page and a screen, and what does not."""

import pytest
from tests.cluster.docs.pages import Command, File, Outcome, fits, steps

ID, OTHER_ID = "fac36897b02c", "3cf28143485a"


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        pytest.param(
            "RUN  WHEN    LED TO\n  1  9s ago  cloud", "RUN  WHEN     LED TO\n  1  12s ago  cloud\n", id="ages"
        ),
        pytest.param(f"Plan {ID} of lumen", f"Plan {OTHER_ID} of lumen\n", id="ids"),
        pytest.param("imported 2026-11-23 09:34:05 UTC", "imported 2027-01-02 11:00:00 UTC\n", id="times"),
        pytest.param("a long line that\n    goes on", "a long line that goes on\n", id="where lines are wrapped"),
        pytest.param("first\n…\nlast", "first\nsecond\nthird\nlast\n", id="lines that are left out"),
    ],
)
def test_the_same_is(shown: str, printed: str) -> None:
    assert fits(Command("twotier log lumen", shown, 1), Outcome(0, printed))


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        pytest.param("Plan: 1 to add.", "Plan: 2 to add.\n", id="another count"),
        pytest.param("cost 4.20", "cost 4.80\n", id="another price"),
        pytest.param("first", "first\nsecond\n", id="a line more"),
        pytest.param("first\n…\nlast", "first\nsecond\n", id="another end behind what is left out"),
        pytest.param("catalogue", "not found\n", id="an error"),
    ],
)
def test_different_is(shown: str, printed: str) -> None:
    assert not fits(Command("twotier log lumen", shown, 1), Outcome(0, printed))


@pytest.mark.parametrize(
    ("command", "good"),
    [
        pytest.param("kubectl apply -f a.yaml", {0}, id="it must not fail"),
        pytest.param("kubectl twotier plan lumen -o csv > plan.csv", {0, 2}, id="a plan with changes is no failure"),
        pytest.param("twotier import --check a.csv", {0}, id="wrong usage is one"),
    ],
)
def test_a_command_without_output_is_judged_by_its_status(command: str, good: set[int]) -> None:
    assert {status for status in range(3) if fits(Command(command, "", 1), Outcome(status, "anything\n"))} == good


def test_a_page_is_its_files_and_commands_in_their_order() -> None:
    page = """Text.

```yaml
# list.yaml
kind: PriceList
```

```yaml
spec: {}
```

```sh
git push
```

```console
$ kubectl apply \\
    -f list.yaml
applied
$ true
```
"""
    assert list(steps(page)) == [
        File("list.yaml", "# list.yaml\nkind: PriceList\n"),
        Command("kubectl apply \\\n    -f list.yaml", "applied", 17),
        Command("true", "", 20),
    ]
