"""Which form a client gets, and what becomes of rows when something breaks."""

import asyncio
from collections.abc import Generator

import pytest

from twotier.web.api import models
from twotier.web.api.representations import BLOCK_ROWS, Form, blocks, form
from twotier.web.api.showing import flat
from twotier.web.shared.problems import ProblemError


@pytest.mark.parametrize(
    ("accept", "asked", "wanted"),
    [
        pytest.param("*/*", None, Form.JSON, id="anything"),
        pytest.param("application/json", None, Form.JSON, id="JSON"),
        pytest.param("text/csv", None, Form.CSV, id="CSV"),
        pytest.param("text/csv; charset=utf-8", None, Form.CSV, id="CSV in an encoding"),
        pytest.param("application/x-ndjson", None, Form.NDJSON, id="JSON Lines"),
        pytest.param("text/html, text/csv;q=0.5, */*;q=0.1", None, Form.CSV, id="rather CSV than anything"),
        pytest.param("text/csv;q=0, */*", None, Form.JSON, id="anything but CSV"),
        pytest.param("text/html", Form.CSV, Form.CSV, id="the parameter, whatever the header says"),
    ],
)
def test_a_client_gets_the_form_that_he_asks_for(accept: str, asked: Form | None, wanted: Form) -> None:
    assert asyncio.run(form(accept, asked)) is wanted


def test_who_accepts_nothing_of_ours_is_told_what_there_is() -> None:
    with pytest.raises(ProblemError) as refused:
        asyncio.run(form("application/pdf", None))
    assert (refused.value.status, "text/csv" in refused.value.detail) == (406, True)


class Pins:
    """Rows that know whether they were let go."""

    def __init__(self, count: int, *, breaks_at: int | None = None) -> None:
        self.count, self.breaks_at, self.read, self.closed = count, breaks_at, 0, False

    def rows(self) -> Generator[models.Pin, None, None]:
        try:
            for number in range(1, self.count + 1):
                if number == self.breaks_at:
                    raise OSError("the database is away")
                self.read = number
                yield models.Pin(price_list="retail", revision=number)
        finally:
            self.closed = True


@pytest.mark.parametrize("wanted", [Form.CSV, Form.NDJSON])
def test_rows_are_let_go_where_reading_breaks(wanted: Form) -> None:
    pins = Pins(3 * BLOCK_ROWS, breaks_at=2 * BLOCK_ROWS)
    with pytest.raises(OSError, match="away"):
        list(blocks(pins.rows(), wanted, flat, ("revision",)))
    assert pins.closed


def test_no_more_rows_are_in_memory_than_a_block() -> None:
    pins = Pins(100 * BLOCK_ROWS)
    next(blocks(pins.rows(), Form.CSV, flat, ("revision",)))
    assert pins.read == BLOCK_ROWS


def test_csv_of_no_rows_has_its_heading() -> None:
    assert list(blocks(Pins(0).rows(), Form.CSV, flat, ("priceList", "revision"))) == [b"priceList,revision\r\n"]
