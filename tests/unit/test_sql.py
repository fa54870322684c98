"""Files of statements: described, named blocks, checked when their module is imported."""

import pytest

from twotier.bss.sql import MalformedSqlError, blocks

GOOD = """-- name: find
-- Find a thing by its number.
select * from thing where number = :number

-- name: forget
-- Forget it.
-- Nothing else goes with it.
delete from thing where number = :number
"""


def test_a_block_is_found_by_its_name_with_its_description() -> None:
    found = blocks("thing.sql", GOOD)
    assert list(found) == ["find", "forget"]
    assert found["find"].splitlines() == [
        "-- Find a thing by its number.",
        "select * from thing where number = :number",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("select 1", "thing.sql does not begin with a line", id="what stands before the first name"),
        pytest.param("-- name: find\nselect 1", "does not say below -- name: find", id="a block without a description"),
        pytest.param("-- name: find\n-- Find it.\n", "has no statement", id="a block without a statement"),
        pytest.param(GOOD + GOOD, "two blocks of the name find", id="two blocks of one name"),
    ],
)
def test_a_file_is_refused_for(content: str, said: str) -> None:
    with pytest.raises(MalformedSqlError, match=said):
        blocks("thing.sql", content)
