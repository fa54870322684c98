"""Which form a client gets, and what a stream does when somebody goes away or something breaks."""

import asyncio
from collections.abc import Generator

import pytest

from twotier.web.api import models
from twotier.web.api.representations import BLOCK_ROWS, Form, form, streamed
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
    assert form(accept, asked) is wanted


def test_who_accepts_nothing_of_ours_is_told_what_there_is() -> None:
    with pytest.raises(ProblemError) as refused:
        form("application/pdf", None)
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


def test_what_breaks_before_the_first_block_is_raised_at_once() -> None:
    pins = Pins(10, breaks_at=1)
    with pytest.raises(OSError, match="away"):
        streamed(pins.rows(), Form.CSV, flat, ("revision",))
    assert pins.closed


def test_what_breaks_later_breaks_the_answer_off() -> None:
    pins = Pins(3 * BLOCK_ROWS, breaks_at=2 * BLOCK_ROWS)

    async def read() -> None:
        async for _ in streamed(pins.rows(), Form.NDJSON, flat, ()).body_iterator:
            pass

    with pytest.raises(OSError, match="away"):
        asyncio.run(read())
    assert pins.closed


def test_rows_are_read_as_they_are_sent_and_let_go_when_the_client_is_gone() -> None:
    pins = Pins(100 * BLOCK_ROWS)

    async def read() -> None:
        blocks = streamed(pins.rows(), Form.CSV, flat, ("revision",)).body_iterator
        async for _ in blocks:
            break
        assert pins.read == BLOCK_ROWS
        await blocks.aclose()  # type: ignore[attr-defined]  # it is a generator

    asyncio.run(read())
    assert pins.closed


def test_csv_of_no_rows_has_its_heading() -> None:
    async def read() -> list[object]:
        answer = streamed(Pins(0).rows(), Form.CSV, flat, ("priceList", "revision"))
        return [block async for block in answer.body_iterator]

    assert asyncio.run(read()) == [b"priceList,revision\r\n"]
