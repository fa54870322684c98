"""A sheet of several markets becomes the list of one, and the publisher's flags are shown beside it."""

import base64
import gzip

from tests.shop import Object, Shop, config_map, distributor, price_list

from twotier.dev.datasets.microsoft_nce import Sheet, Trap

LIST = price_list(
    "sheet",
    source={"configMaps": [{"name": "sheet"}]},
    format={"preset": "microsoft-nce", "rowFilter": {"Market": ["DE"]}},
)


def sheet(edition: int, *traps: Trap) -> Object:
    content = gzip.compress(Sheet(("US", "DE"), edition, frozenset(traps)).to_csv())
    return config_map("sheet", "sheet", binaryData={"sheet.csv.gz": base64.b64encode(content).decode()})


def test_the_market_that_is_chosen_is_imported_and_its_flags_are_audited(shop: Shop) -> None:
    shop.apply(distributor(), sheet(1), LIST)
    shop.await_ready(LIST)
    status = shop.status("PriceList", "sheet")
    assert (status["offers"], status["products"]) == (4334, 1393)
    assert "vendorFlags" not in status

    shop.apply(sheet(2, Trap.WRONG_FLAGS))
    flags = shop.await_status("PriceList", "sheet", "revision", 2)["vendorFlags"]
    assert flags["flagged"] > 4000
    assert 50 < flags["wrong"] < 150
    assert flags["examples"][0].keys() == {"sku", "unit", "flag", "found"}


def test_a_sheet_whose_keys_have_lost_their_zeros_is_refused(shop: Shop) -> None:
    shop.apply(distributor(), sheet(1, Trap.LOST_ZEROS), LIST)
    message = shop.await_condition("PriceList", "sheet", "False", "SourceRefused")
    assert 'line 4373: SkuId "1" has 1 characters, but the format says 4' in message
