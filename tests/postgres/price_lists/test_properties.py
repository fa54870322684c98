"""What holds for any sequence of lists: revisions read back as their files, and the digest is of the content alone."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.revisions import Differences, compare
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

NOW = datetime(2026, 8, 2, tzinfo=UTC)
COLUMNS = (
    "sku",
    "unit",
    "price",
    "recommendedSellPrice",
    "name",
    "description",
    "category",
    "active",
    "tiers",
    "addOnOf",
    "upgradeTo",
    "components",
)

Key = tuple[str, str]
Offer = tuple[str, ...]
Content = Mapping[Key, Offer]

# Few keys, so that successive lists share them, with characters that a separator or a sort order might stumble on.
keys = st.tuples(st.sampled_from(["A", "B", "a", "A B", "Ä", "A,B"]), st.sampled_from(["month", "year", "P1Y|None"]))
prices = st.sampled_from(["0", "1", "1.5", "0.0000000000000001", "999999999999"])
words = st.sampled_from(["", "Office", 'the "best"', "one, two", "Kostüm", "\\N", "a\\nb"])
offers = st.tuples(
    prices,
    st.sampled_from(["", "2", "2.25"]),
    words,
    words | st.just("two\nlines"),
    words,
    st.sampled_from(["", "false"]),
    st.sampled_from(["", "10=1", "10=1;100=0.5"]),
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Offers, of which some name other products of the same list."""
    plain = draw(st.dictionaries(keys, offers, min_size=1, max_size=8))
    quantity = draw(st.integers(1, 2))
    others = {sku: sorted({other for other, _ in plain} - {sku}) for sku, _ in plain}
    return {
        (sku, unit): (
            *offer,
            ";".join(draw(_some(others[sku]))),
            ";".join(draw(_some(others[sku]))),
            "; ".join(f"{other}*{quantity}" for other in draw(_some(others[sku]))),
        )
        for (sku, unit), offer in plain.items()
    }


def _some(skus: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(skus), max_size=2) if skus else st.just([])


searching = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(sequence=st.lists(contents(), min_size=1, max_size=5))
@searching
def test_every_revision_reads_back_as_its_file(
    sequence: Sequence[Content], operator_database: Database, distributor: UUID
) -> None:
    with operator_database.engine.connect() as connection:
        price_list = declare_price_list(connection, distributor, PriceListDeclaration("any", "USD"), ids=uuid4)
        revisions = [_imported(connection, price_list, _written(content)).head.revision for content in sequence]
        for revision, content in zip(revisions, sequence, strict=True):
            assert _read(connection, price_list, revision) == _model(content)
        for (old, before), (new, after) in pairwise(zip(revisions, sequence, strict=True)):
            expected = _differences(_model(before), _model(after))
            assert compare(connection, price_list, old, new).counts == expected
            assert compare(connection, price_list, new, old).counts == _backward(expected)
        connection.rollback()


@given(sequence=st.lists(contents(), min_size=1, max_size=4))
@searching
def test_the_digest_and_the_counts_do_not_tell_how_content_came_about(
    sequence: Sequence[Content], operator_database: Database, distributor: UUID
) -> None:
    with operator_database.engine.connect() as connection:
        changing = declare_price_list(connection, distributor, PriceListDeclaration("changing", "USD"), ids=uuid4)
        for number, content in enumerate(sequence):
            fresh = declare_price_list(
                connection, distributor, PriceListDeclaration(f"fresh {number}", "USD"), ids=uuid4
            )
            reached = _imported(connection, changing, _written(content)).head
            assert reached.digest == _imported(connection, fresh, _written(content)).head.digest
            assert (reached.offers, reached.products) == (len(content), len({sku for sku, _ in content}))
        connection.rollback()


@given(content=contents(), order=st.randoms(use_true_random=False))
@searching
def test_the_digest_is_of_the_content_and_not_of_its_notation(
    content: Content, order: Any, operator_database: Database, distributor: UUID
) -> None:
    rows = list(content.items())
    order.shuffle(rows)
    plain = _written(content)
    notations = [
        _written(dict(rows)),
        b"\xef\xbb\xbf" + plain,
        _written(content, lineterminator="\r\n"),
        _written(content, quoting=csv.QUOTE_ALL),
        plain.replace(b"\n", b"\n\n") if b'"' not in plain else plain,
        gzip.compress(plain),
    ]
    with operator_database.engine.connect() as connection:
        price_list = declare_price_list(connection, distributor, PriceListDeclaration("any", "USD"), ids=uuid4)
        other = declare_price_list(connection, distributor, PriceListDeclaration("other", "USD"), ids=uuid4)
        digest = _imported(connection, price_list, plain).head.digest
        for notation in notations:
            again = _imported(connection, price_list, notation)
            assert (again.changed, again.head.digest) == (False, digest)
        assert _imported(connection, other, notations[0]).head.digest == digest
        connection.rollback()


@given(pair=st.lists(contents(), min_size=2, max_size=2))
@searching
def test_digests_are_equal_only_where_contents_are(
    pair: Sequence[Content], operator_database: Database, distributor: UUID
) -> None:
    with operator_database.engine.connect() as connection:
        digests = [
            _imported(
                connection,
                declare_price_list(connection, distributor, PriceListDeclaration(f"list {number}", "USD"), ids=uuid4),
                _written(content),
            ).head.digest
            for number, content in enumerate(pair)
        ]
        connection.rollback()
    assert (digests[0] == digests[1]) == (_model(pair[0]) == _model(pair[1]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"sku,unit,price,name,description\nA,m,1,ab,c\n", b"sku,unit,price,name,description\nA,m,1,a,bc\n"),
        (b"sku,unit,price\nAB,C,1\n", b"sku,unit,price\nA,BC,1\n"),
        (b"sku,unit,price,description,category\nA,m,1,x,\n", b"sku,unit,price,description,category\nA,m,1,,x\n"),
        (b"sku,unit,price\nA,m,1\nB,m,1\n", b"sku,unit,price\nA,m,1\n"),
        (b"sku,unit,price,tiers\nA,m,1,1=2\n", b"sku,unit,price,tiers\nA,m,1,12=1\n"),
    ],
    ids=["name and description", "sku and unit", "description and category", "one row less", "tiers"],
)
def test_contents_that_differ_in_the_boundary_of_a_field_differ_in_their_digest(
    one: bytes, other: bytes, operator_database: Database, distributor: UUID
) -> None:
    with operator_database.transaction() as connection:
        digests = {
            _imported(
                connection,
                declare_price_list(connection, distributor, PriceListDeclaration(str(number), "USD"), ids=uuid4),
                content,
            ).head.digest
            for number, content in enumerate((one, other))
        }
    assert len(digests) == 2


def _imported(connection: Connection, price_list: int, content: bytes) -> Imported:
    return Imported.of(import_price_list(connection, price_list, [Part("list.csv", content)], twotier(), now=NOW))


def _written(content: Content, *, lineterminator: str = "\n", quoting: Any = csv.QUOTE_MINIMAL) -> bytes:
    text_ = io.StringIO()
    writer = csv.writer(text_, lineterminator=lineterminator, quoting=quoting)
    writer.writerow(COLUMNS)
    writer.writerows((*key, *offer) for key, offer in content.items())
    return text_.getvalue().encode()


def _model(content: Content) -> Mapping[Key, Any]:
    """The plain rules: product columns from the first unit, relations from all, nothing for empty.

    A product is active while an offer of it is.
    """
    model = {}
    for (sku, unit), (price, recommended, _name, _description, _category, active, tiers, *_related) in content.items():
        units = sorted(other for of, other in content if of == sku)
        _, _, name, description, category, _, _, add_on_of, _, components = content[sku, units[0]]
        model[sku, unit] = (
            Decimal(price),
            Decimal(recommended) if recommended else None,
            active != "false",
            [tuple(Decimal(part) for part in tier.split("=")) for tier in tiers.split(";") if tier],
            name or sku,
            description or None,
            category or None,
            any(content[sku, other][5] != "false" for other in units),
            "add-on" if add_on_of else "bundle" if components else "product",
            {relation for other in units for relation in _relations(content[sku, other])},
        )
    return model


def _relations(offer: Offer) -> Iterator[tuple[str, str, str | None]]:
    add_on_of, upgrade_to, components = (cell.split(";") if cell else [] for cell in offer[-3:])
    yield from (("add-on", sku, None) for sku in add_on_of)
    yield from (("upgrade", sku, None) for sku in upgrade_to)
    for component in components:
        sku, quantity = component.strip().split("*")
        yield "component", sku, quantity


def _read(connection: Connection, price_list: int, revision: int) -> Mapping[Key, Any]:
    rows = connection.execute(
        text(
            "select o.sku, o.unit, o.price, o.recommended_sell_price, o.active, "
            "array(select array[minimum_quantity, t.price] from unnest(o.tiers) t) as tiers, "
            "p.name, p.description, p.category, p.active as product_active, p.kind, "
            "array(select array[r.kind, r.related_sku, r.quantity::text] from product_relation r "
            "where r.price_list_id = o.price_list_id and r.sku = o.sku "
            "and r.from_revision <= :revision and :revision < r.to_revision) as relations "
            "from offer o join product p on p.price_list_id = o.price_list_id and p.sku = o.sku "
            "and p.from_revision <= :revision and :revision < p.to_revision "
            "where o.price_list_id = :price_list and o.from_revision <= :revision and :revision < o.to_revision"
        ),
        {"price_list": price_list, "revision": revision},
    )
    return {
        (row.sku, row.unit): (
            row.price,
            row.recommended_sell_price,
            row.active,
            [tuple(tier) for tier in row.tiers],
            row.name,
            row.description,
            row.category,
            row.product_active,
            row.kind,
            {tuple(relation) for relation in row.relations},
        )
        for row in rows
    }


def _differences(old: Mapping[Key, Any], new: Mapping[Key, Any]) -> Differences:
    both = old.keys() & new.keys()
    repriced = {key for key in both if old[key][0] != new[key][0]}
    return Differences(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        price_changed=len(repriced),
        other_changed=sum(old[key] != new[key] for key in both - repriced),
    )


def _backward(counts: Differences) -> Differences:
    return Differences(counts.removed, counts.added, counts.price_changed, counts.other_changed)
