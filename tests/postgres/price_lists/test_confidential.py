"""Files that those who declare a list may not read: no message quotes anything in them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from tests.postgres.price_lists import test_bad_files, test_bad_sheets
from tests.postgres.price_lists.source import Source

from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.guarding.held import current
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.sheets.faults import Fault, PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format, Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

QUOTED = frozenset({RefusalReason.EMPTY_FILE, RefusalReason.TOO_LARGE, RefusalReason.TOO_MANY_ROWS})
"""The reasons whose messages tell nothing of a file but how large it is."""
OF_ARCHIVES = frozenset({RefusalReason.NOT_AN_ARCHIVE, RefusalReason.UNSAFE_ARCHIVE})
GUARDS = Guards(max_removed_percent=100, max_price_change_percent=Decimal(1), hold_zero_prices=True)
FLAGGED = mapping(
    {
        Property.SKU: "{sku}",
        Property.UNIT: "{unit}",
        Property.PRICE: "{price}",
        Property.CHANGE_FLAG: "{flag}",
    }
)


def bad_files() -> Iterator[tuple[str, Format, RefusalReason]]:
    """All the files that are refused, with how each is read and why it is refused."""
    for name, (reason, _) in test_bad_files.REFUSED.items():
        yield name, twotier(), reason
    for name, (format_, reason, _) in test_bad_sheets.FILES.items():
        yield name, format_, reason


def says(source: Source, content: bytes, *, confidential: bool, format_: Format | None = None) -> ImportResult:
    source.passes(minutes=1)
    with source.database.transaction() as connection:
        return import_price_list(
            connection,
            source.price_list,
            [Part("file", content, confidential)],
            format_ or twotier(),
            guards=GUARDS,
            now=source.now,
        )


def held(source: Source) -> str:
    with source.database.transaction() as connection:
        found = current(connection, source.price_list)
    assert found is not None
    return "; ".join(reason.message for reason in found.reasons)


@pytest.mark.parametrize(("name", "format_", "reason"), [pytest.param(*case, id=case[0]) for case in bad_files()])
def test_a_fault_is_told_by_its_line_and_kind_alone(
    name: str, format_: Format, reason: RefusalReason, source: Source
) -> None:
    content = (test_bad_files.BAD / name).read_bytes()
    confidential = Part("file", content, confidential=True)
    with pytest.raises(PriceListRefused) as open_, source.database.transaction() as connection:
        import_price_list(connection, source.price_list, [Part("file", content)], format_, now=test_bad_sheets.NOW)
    with pytest.raises(PriceListRefused) as caught, source.database.transaction() as connection:
        import_price_list(connection, source.price_list, [confidential], format_, now=test_bad_sheets.NOW)
    told, known = caught.value, open_.value
    assert told.reason is known.reason is reason
    assert [fault.line for fault in told.faults] == [fault.line for fault in known.faults]
    for fault in told.faults:
        assert fault.column is None or fault.column in format_.names
        assert '"' not in fault.text
        assert fault.reason in QUOTED or not any(map(str.isdigit, fault.text.replace("UTF-8", "")))


def test_every_reason_has_words_for_a_file_that_may_not_be_quoted() -> None:
    told = {reason: Fault("file", 1, None, reason, "a secret").without_values(()).text for reason in RefusalReason}
    assert {reason for reason, text in told.items() if text == "a secret"} == QUOTED | OF_ARCHIVES


PRICES: Mapping[str, tuple[str, str]] = {
    "new prices": ("sku,unit,price\nPIN,m,1\n", "sku,unit,price\nPIN,m,4242\n"),
    "prices that became zero": ("sku,unit,price\nPIN,m,4242\n", "sku,unit,price\nPIN,m,0\n"),
}


@pytest.mark.parametrize("name", PRICES)
@pytest.mark.parametrize("which", ["the head", "the source"])
def test_what_is_held_names_no_offer_and_no_price_of_it(name: str, which: str, source: Source) -> None:
    first, second = PRICES[name]
    says(source, first.encode(), confidential=which == "the head")
    says(source, second.encode(), confidential=which == "the source")
    message = held(source)
    assert "1 price" in message
    assert "PIN" not in message
    assert "4242" not in message


def test_prices_that_a_suspect_kept_are_not_told_either(source: Source) -> None:
    says(source, b"sku,unit,price\nPIN,m,4242\n", confidential=True)
    says(source, b"sku,unit,price\nOTHER,m,1\nPIN,m,4242\n", confidential=False)
    says(source, b"sku,unit,price\nOTHER,m,1\nPIN,m,1\n", confidential=False)
    assert "4242" not in held(source)


def test_offers_with_a_wrong_flag_are_counted_and_not_named(source: Source) -> None:
    says(source, b"sku,unit,price,flag\nPIN,m,1,Add\n", confidential=True, format_=FLAGGED)
    found = says(source, b"sku,unit,price,flag\nPIN,m,1,Add\n\n", confidential=True, format_=FLAGGED).flags
    assert found is not None
    assert (found.count, found.examples) == (1, ())


def test_what_may_be_quoted_is_quoted(source: Source) -> None:
    says(source, b"sku,unit,price\nMAIL,m,1\n", confidential=False)
    says(source, b"sku,unit,price\nMAIL,m,2\n", confidential=False)
    assert "MAIL m from 1 to 2" in held(source)
