"""Who may declare price lists learns nothing of a ConfigMap that is not labelled as one."""

import base64
from typing import Any

import pytest
from tests.shop import Shop, config_map, distributor, eventually, price_list

SECRET = "hunter2"  # noqa: S105 -- of nobody
COLUMNS = {"sku": "{Sku}", "unit": "m", "price": "{Price}", "currency": "{Currency}"}
JSON: dict[str, Any] = {"type": "JSONLines", "columns": COLUMNS}
CSV: dict[str, Any] = {"columns": COLUMNS}

FAULTS: dict[str, tuple[dict[str, Any], bytes]] = {
    "a price": (CSV, b"Sku,Price,Currency\nA,hunter2,EUR\n"),
    "a currency": (CSV, b"Sku,Price,Currency\nA,1,hunter2\n"),
    "a header": (CSV, b"hunter2,Price,Currency\nA,1,EUR\n"),
    "a header of one column": (CSV, b"hunter2\nA\n"),
    "a column that is unknown": ({"preset": "twotier"}, b"sku,unit,price,hunter2\nA,m,1,x\n"),
    "the key of an offer given twice": (CSV, b"Sku,Price,Currency\nhunter2,1,EUR\nhunter2,2,EUR\n"),
    "rows that the row filter leaves out": (
        {**CSV, "rowFilter": {"Sku": ["A"]}},
        b"Sku,Price,Currency\nhunter2,1,EUR\n",
    ),
    "a key of the wrong width": (
        {**CSV, "fixedWidths": {"Sku": 4}},
        b"Sku,Price,Currency\nhunter2,1,EUR\n",
    ),
    "a key of JSON": (JSON, b'{"hunter2": 1}\n'),
    "a key of JSON given twice": (JSON, b'{"Sku": "A", "Price": 1, "Currency": "EUR", "hunter2": 1, "hunter2": 2}\n'),
    "a key of JSON that is unknown": (
        {"preset": "twotier", "type": "JSONLines"},
        b'{"sku":"A","unit":"m","price":1,"hunter2":1}',
    ),
    "a line that is not JSON": (JSON, b"password: hunter2\n"),
    "a relation": ({"preset": "twotier"}, b"sku,unit,price,addOnOf\nA,m,1,hunter2\n"),
    "a control character": (CSV, b"Sku,Price,Currency\nhunter2\x07,1,EUR\n"),
    "a moment": (
        {"columns": {**COLUMNS, "validFrom": "{Sku}"}},
        b"Sku,Price,Currency\nhunter2,1,EUR\n",
    ),
}


def told(shop: Shop) -> str:
    """Everything that people without a right to ConfigMaps can see of the namespace."""
    return shop.kubectl("get", "pricelists,events", "--output=yaml")


def secrets(content: bytes, *, label: str | None = None, name: str = "secrets") -> dict[str, Any]:
    return config_map(name, label, binaryData={"file": base64.b64encode(content).decode()})


def of_secrets(format_: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return price_list(source={"configMaps": [{"name": "secrets"}]}, format=format_, **spec)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_quotes_a_config_map_only_once_it_is_labelled(fault: str, shop: Shop) -> None:
    format_, content = FAULTS[fault]
    shop.apply(distributor(), secrets(content), of_secrets(format_))
    message = shop.await_condition("PriceList", "retail", "False", "SourceRefused")
    assert "to label them twotier.dev/price-list" in message
    assert SECRET not in told(shop)

    shop.apply(secrets(content, label="retail"))
    eventually(lambda: SECRET in told(shop), lambda: told(shop))


def test_the_entries_of_a_config_map_are_named_only_if_it_is_labelled(shop: Shop) -> None:
    several = config_map("secrets", data={SECRET: "x", "other": "y"})
    shop.apply(distributor(), several, of_secrets(CSV))
    message = shop.await_condition("PriceList", "retail", "False", "SourceNotFound")
    assert message.startswith("ConfigMap secrets has several entries: name the one")
    assert SECRET not in told(shop)


def test_neither_a_hold_nor_a_digest_tells_what_is_in_a_config_map(shop: Shop) -> None:
    guards = {"maxRemovedPercent": 100, "maxPriceChangePercent": "1"}
    lists = [b"Sku,Price,Currency\n%s,%d,EUR\n" % (SECRET.encode(), price) for price in (1, 4242)]
    shop.apply(distributor(), secrets(lists[0]), of_secrets(CSV, guards=guards))
    shop.await_ready(price_list())
    assert "digest" not in shop.status("PriceList", "retail")

    shop.apply(config_map("others", binaryData={"file": base64.b64encode(lists[1]).decode()}))
    shop.apply(price_list(source={"configMaps": [{"name": "others"}]}, format=CSV, guards=guards))
    message = shop.await_condition("PriceList", "retail", "False", "PriceChangedTooMuch", "Accepted")
    assert "1 price changes by more than the 1 % of maxPriceChangePercent. Correct the source" in message
    assert "held" not in shop.status("PriceList", "retail")
    assert "sha256:" not in told(shop)
    assert SECRET not in told(shop)
    assert "4242" not in told(shop)
