"""Cursors lead back to the key that they were made of, and nothing else is taken for one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twotier.web.api import models
from twotier.web.api.paging import page, place, written
from twotier.web.shared.problems import ProblemError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(sku=TEXTS, unit=TEXTS)
def test_a_cursor_leads_back_to_its_key(sku: str, unit: str) -> None:
    assert place(written((sku, unit)), (str, str)) == (sku, unit)


@given(sku=TEXTS, unit=TEXTS)
def test_a_cursor_is_good_in_an_address_as_it_is(sku: str, unit: str) -> None:
    assert written((sku, unit)).replace("-", "").replace("_", "").isalnum()


def test_without_a_cursor_it_begins_at_the_start() -> None:
    assert place(None, (str, str)) is None


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="nothing"),
        pytest.param("nonsense", id="words"),
        pytest.param("ä", id="a letter that no cursor has"),
        pytest.param(written(("MAIL",)), id="a key with too few parts"),
        pytest.param(written(("MAIL", 1)), id="a key of another list"),
        pytest.param(base64.urlsafe_b64encode(b'"MAIL"').decode(), id="no key"),
        pytest.param(base64.urlsafe_b64encode(json.dumps(["MAIL", None]).encode()).decode(), id="a key with a hole"),
        pytest.param(base64.urlsafe_b64encode(json.dumps(["MAIL", True]).encode()).decode(), id="a truth value"),
        pytest.param(written(("MAIL\0", "month")), id="a character that no database stores"),
        pytest.param(base64.urlsafe_b64encode(b'["\\ud800", "month"]').decode(), id="half of a character"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 1_500).decode(), id="an abyss of brackets"),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ProblemError) as refused:
        place(cursor, (str, str))
    assert (refused.value.status, "Invalid cursor: pass `next`" in refused.value.detail) == (422, True)


def test_a_number_that_no_database_stores_is_refused() -> None:
    with pytest.raises(ProblemError):
        place(written((2**31,)), (int,))


@given(rows=st.integers(0, 5), limit=st.integers(1, 4))
def test_a_page_leads_on_exactly_if_there_is_more(rows: int, limit: int) -> None:
    read = [models.Pin(price_list="retail", revision=number) for number in range(1, min(rows, limit + 1) + 1)]
    shown = page(read, limit, lambda pin: (pin.revision,))
    assert len(shown.items) == min(rows, limit)
    assert shown.next == (written((limit,)) if rows > limit else None)
