"""Where a price list comes from, and what people are told when it cannot be read."""

import base64
import gzip
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from tests.shop import BACKUP, DISK, MAIL, Shop, config_map, csv, distributor, price_list

ONE, TWO, OTHER_TWO = csv(MAIL), csv(DISK), csv(BACKUP)


def digest(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def zipped(content: str) -> bytes:
    return gzip.compress(content.encode(), mtime=0)


def binary(content: bytes) -> dict[str, str]:
    return {"prices.csv.gz": base64.b64encode(content).decode()}


def from_config_maps(*sources: dict[str, Any]) -> dict[str, Any]:
    return price_list(source={"configMaps": list(sources)})


@pytest.mark.parametrize(
    ("config_maps", "sources"),
    [
        pytest.param([config_map("one", data={"a.csv": ONE})], [{"name": "one"}], id="a plain ConfigMap"),
        pytest.param([config_map("one", binaryData=binary(zipped(ONE)))], [{"name": "one"}], id="a compressed one"),
        pytest.param(
            [config_map("one", data={"a.csv": ONE, "b.csv": TWO})],
            [{"name": "one", "key": "a.csv"}],
            id="one of the entries of a ConfigMap",
        ),
    ],
)
def test_a_list_comes_from(shop: Shop, config_maps: list[dict[str, Any]], sources: list[dict[str, Any]]) -> None:
    shop.apply(distributor(), *config_maps, from_config_maps(*sources))
    shop.await_ready(price_list())

    status = shop.status("PriceList", "retail")
    assert (status["revision"], status["offers"], status["products"]) == (1, 1, 1)
    assert shop.rows(
        "select sku, price from offer join price_list l on l.id = price_list_id "
        "join organization o on o.id = l.organization_id where o.namespace = :namespace",
        namespace=shop.namespace,
    ) == [("MAIL", Decimal("4.2"))]


def test_several_files_are_one_list(shop: Shop) -> None:
    compressed = zipped(TWO)
    shop.apply(
        distributor(),
        config_map("one", data={"a.csv": ONE}, immutable=True),
        config_map("two", binaryData=binary(compressed)),
        from_config_maps({"name": "one"}, {"name": "two", "sha256": digest(compressed)}),
    )
    shop.await_ready(price_list())
    assert shop.status("PriceList", "retail")["offers"] == 2


def test_a_mixture_of_two_versions_waits_until_all_fit(shop: Shop) -> None:
    first = from_config_maps({"name": "one", "sha256": digest(ONE)}, {"name": "two", "sha256": digest(TWO)})
    shop.apply(
        distributor(),
        config_map("one", "retail", data={"a.csv": ONE}),
        config_map("two", "retail", data={"b.csv": TWO}),
        first,
    )
    shop.await_ready(first)

    shop.apply(from_config_maps({"name": "one", "sha256": digest(ONE)}, {"name": "two", "sha256": digest(OTHER_TWO)}))
    message = shop.await_condition("PriceList", "retail", "False", "SourceIncomplete")
    assert message == (
        "entry b.csv of ConfigMap two does not have the sha256 in spec.source.configMaps: "
        "apply the matching ConfigMap, or correct the sha256"
    )
    assert shop.status("PriceList", "retail")["revision"] == 1

    shop.apply(config_map("two", "retail", data={"b.csv": OTHER_TWO}))
    status = shop.await_status("PriceList", "retail", "revision", 2)
    assert status["differences"] == {"added": 1, "removed": 1, "priceChanged": 0, "otherChanged": 0}


def test_several_files_that_could_change_one_by_one_are_not_read(shop: Shop) -> None:
    shop.apply(
        distributor(),
        config_map("one", data={"a.csv": ONE}),
        config_map("two", data={"b.csv": TWO}),
        from_config_maps({"name": "one"}, {"name": "two"}),
    )
    message = shop.await_condition("PriceList", "retail", "False", "SourceIncomplete")
    assert "make it immutable, or give its sha256" in message
    assert shop.condition("PriceList", "retail", "Stalled") is not None
    assert "revision" not in shop.status("PriceList", "retail")


def test_the_parts_of_a_list_may_arrive_one_by_one(shop: Shop) -> None:
    parts = {name: csv(row) for name, row in (("one", MAIL), ("two", DISK), ("three", BACKUP))}
    shop.apply(distributor(), from_config_maps(*({"name": name, "sha256": digest(parts[name])} for name in parts)))
    for name, content in parts.items():
        shop.await_message("PriceList", "retail", f"ConfigMap {name} does not exist")
        shop.apply(config_map(name, "retail", data={"a.csv": content}))

    shop.await_ready(price_list())
    status = shop.status("PriceList", "retail")
    assert (status["revision"], status["offers"]) == (1, 3)


def test_a_labelled_config_map_wakes_its_list(shop: Shop) -> None:
    shop.apply(distributor(), from_config_maps({"name": "one"}))
    message = shop.await_condition("PriceList", "retail", "False", "SourceNotFound")
    assert message == "ConfigMap one does not exist: apply it, or correct its name in spec.source.configMaps"

    shop.apply(config_map("one", "retail", data={"a.csv": ONE}))
    shop.await_status("PriceList", "retail", "revision", 1)
    shop.apply(config_map("one", "retail", data={"a.csv": csv("MAIL,month,5,Mail,6.00")}))
    shop.await_status("PriceList", "retail", "revision", 2)


def test_the_same_content_in_other_words_is_no_revision(shop: Shop) -> None:
    shop.apply(distributor(), price_list("retail", MAIL, DISK))
    before = shop.await_status("PriceList", "retail", "revision", 1)

    again = price_list("retail", DISK, '"MAIL",month,4.2000,Mail,6')
    shop.apply(again)
    shop.await_ready(again)
    after = shop.status("PriceList", "retail")

    assert after["observedGeneration"] > before["observedGeneration"]
    assert (after["revision"], after["digest"]) == (1, before["digest"])
    assert after["lastImportedAt"] == before["lastImportedAt"]


REFUSED = csv(MAIL, 'DISK,month,"12,50",Disk,', "BACKUP,month,-1,Backup,12")


def test_a_bad_file_is_refused_with_its_lines_and_the_revision_before_still_serves(shop: Shop) -> None:
    shop.apply(distributor(), price_list())
    accepted = shop.await_status("PriceList", "retail", "revision", 1)

    shop.apply(price_list(source={"inline": REFUSED}))
    message = shop.await_condition("PriceList", "retail", "False", "SourceRefused")
    assert message.splitlines() == [
        'Nothing was imported; correct the source: line 3: price "12,50" is not a number',
        'line 4: price "-1" is negative',
    ]
    shown = shop.condition("PriceList", "retail", "Accepted")
    assert shown is not None
    assert (shown.status, shown.reason) == ("False", "InvalidPrice")
    status = shop.status("PriceList", "retail")
    assert {field: status[field] for field in ("revision", "digest", "offers")} == {
        field: accepted[field] for field in ("revision", "digest", "offers")
    }

    shop.apply(price_list())
    shop.await_condition("PriceList", "retail", "True", "Imported", "Accepted")
    assert shop.status("PriceList", "retail")["revision"] == 1


@pytest.mark.parametrize(
    ("content", "reason", "fault"),
    [
        pytest.param(
            "<!DOCTYPE html>\n<html></html>\n",
            "NotCsv",
            "spec.source.inline is a web page or XML, not CSV: the address may have answered with a sign-in page",
            id="a web page",
        ),
        pytest.param(
            "sku;unit;price\nMAIL;month;1\n",
            "WrongColumns",
            'spec.source.inline has no column "sku", "unit", "price"; its first line is the single column '
            '"sku;unit;price": is the delimiter another one?',
            id="another delimiter",
        ),
        pytest.param(csv("MAIL,month"), "RaggedRow", "line 2: 2 cells, but the header has 5", id="a short row"),
        pytest.param(
            csv(MAIL, "MAIL,month,5,Mail,6"),
            "DuplicateKey",
            'line 3: the offer "MAIL month" stands already on line 2, where its price is 4.2 instead of 5',
            id="one offer at two prices",
        ),
    ],
)
def test_why_a_first_file_is_refused(shop: Shop, content: str, reason: str, fault: str) -> None:
    shop.apply(distributor(), price_list(source={"inline": content}))
    message = shop.await_condition("PriceList", "retail", "False", "SourceRefused")
    assert message == f"Nothing was imported; correct the source: {fault}"
    shown = shop.condition("PriceList", "retail", "Accepted")
    assert shown is not None
    assert (shown.status, shown.reason) == ("False", reason)
    assert "revision" not in shop.status("PriceList", "retail")


def test_a_spec_that_the_operator_cannot_use_is_told(shop: Shop) -> None:
    columns = {"sku": "{sku", "unit": "month", "price": "{price}"}
    shop.apply(distributor(), price_list(format={"columns": columns}))
    message = shop.await_condition("PriceList", "retail", "False", "InvalidSpec")
    assert message.startswith("Correct spec.format: '{sku' is not a template")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param(
            {"timeZone": "Europe/Atlantis"},
            "Correct the spec: spec.timeZone: there is no time zone Europe/Atlantis: write an IANA name such as "
            "Europe/Athens",
            id="a time zone that there is not",
        ),
        pytest.param(
            {"country": "XX"},
            "no country has the code XX: give codes of ISO 3166-1, such as GR",
            id="a country that there is not",
        ),
    ],
)
def test_settings_of_a_distributor_that_cannot_be_are_told(shop: Shop, fields: dict[str, str], message: str) -> None:
    shop.apply(distributor(**fields))
    assert shop.await_condition("Distributor", "aegean", "False", "InvalidSpec") == message
