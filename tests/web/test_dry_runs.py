"""What a change in declarations would do, and that nothing is changed to find out."""

import base64
import gzip
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests.web.shop import Json, Shop, csv

from twotier.bss.database import SCHEMA

MAIL, MAIL_DEARER = "MAIL,month,4.20,Mail,6.00,", "MAIL,month,4.80,Mail,6.00,"
DISK = "DISK,month,1.50,Disk,,"
BACKUP = "BACKUP,month,9,Backup,12,"
SPEC = {"distributor": "northwind", "currency": "EUR", "source": {"inline": "-"}}


def price_list(*rows: str, name: str = "retail", content: bytes | None = None, **spec: object) -> Json:
    """A price list as it would be declared."""
    file = {"name": "prices.csv", "content": base64.b64encode(content or csv(*rows)).decode()}
    return {"name": name, "spec": SPEC | spec, "files": [file]}


def assignment(account: str = "R-contoso", **spec: object) -> Json:
    """An assignment as it would be declared."""
    return {"account": account, "spec": {"tenant": "contoso", "priceList": "retail"} | spec}


def dry_run(shop: Shop, *price_lists: Json, assignments: tuple[Json, ...] = ()) -> Json:
    """Return what a change would do."""
    answer = ask(shop, {"priceLists": list(price_lists), "assignments": list(assignments)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(shop: Shop, body: Json) -> httpx.Response:
    return shop.client.post(f"{shop.base}/dry-runs", json=body)


@contextmanager
def administering(url: str) -> Iterator[Any]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"set local search_path = {SCHEMA}"))
        yield connection


@pytest.fixture(scope="module")
def contoso(make_shop: Callable[[], Shop]) -> Shop:
    """A tenant with the only revision of a list; no test changes anything."""
    shop = make_shop()
    shop.publish(MAIL, DISK)
    shop.tenant("R-contoso")
    return shop


def test_a_new_version_of_a_list_shows_its_differences_and_what_each_tenant_gets(contoso: Shop) -> None:
    shown = dry_run(contoso, price_list(MAIL_DEARER, DISK, BACKUP), assignments=(assignment(),))
    (of_list,) = shown["priceLists"]
    assert (of_list["outcome"], of_list["oldRevision"], of_list["newRevision"]) == ("Accepted", 1, 2)
    assert of_list["differences"] == {"added": 1, "removed": 0, "priceChanged": 1, "otherChanged": 0}
    assert [(each["sku"], each["change"]) for each in of_list["examples"]] == [("BACKUP", "added"), ("MAIL", "price")]
    (of_tenant,) = shown["tenants"]
    assert (of_tenant["outcome"], of_tenant["kind"], of_tenant["revision"]) == ("Planned", "update", 2)
    counts = {name: count for name, count in of_tenant["changes"].items() if count}
    assert counts == {"added": 1, "changed": 1, "cost": 1}


def test_nothing_is_changed_by_it(contoso: Shop, shared_database_url: str) -> None:
    def counts() -> Counter[str]:
        with administering(shared_database_url) as connection:
            tables = connection.execute(
                text("select tablename from pg_tables where schemaname = :schema"), {"schema": SCHEMA}
            ).scalars()
            return Counter(
                {table: connection.execute(text(f"select count(*) from {table}")).scalar_one() for table in tables}  # noqa: S608 -- names from the catalog
            )

    before = counts(), contoso.get("/price-lists/retail"), contoso.get("/tenants/R-contoso")
    dry_run(contoso, price_list(BACKUP), price_list(BACKUP, name="new"), assignments=(assignment(),))
    assert (counts(), contoso.get("/price-lists/retail"), contoso.get("/tenants/R-contoso")) == before


def test_the_same_files_again_change_nothing(contoso: Shop) -> None:
    shown = dry_run(contoso, price_list(DISK, MAIL), assignments=(assignment(),))
    assert (shown["priceLists"][0]["outcome"], shown["tenants"][0]["outcome"]) == ("Unchanged", "UpToDate")


def test_a_compressed_file_is_read_like_any_other(contoso: Shop) -> None:
    shown = dry_run(contoso, price_list(content=gzip.compress(csv(MAIL_DEARER, DISK))))
    assert shown["priceLists"][0]["differences"]["priceChanged"] == 1


def test_what_the_guards_would_hold_is_shown_with_the_digest_that_lets_it_through(contoso: Shop) -> None:
    held = dry_run(contoso, price_list(BACKUP), assignments=(assignment(),))
    (of_list,), (of_tenant,) = held["priceLists"], held["tenants"]
    assert (of_list["outcome"], of_list["newRevision"], of_tenant["outcome"]) == ("Held", 1, "UpToDate")
    assert of_list["differences"]["removed"] == 2
    assert [each["sku"] for each in of_list["examples"]] == ["BACKUP", "DISK", "MAIL"]
    assert "2 of 2, more than the 25 % of maxRemovedPercent" in of_list["message"]
    accepted = dry_run(contoso, price_list(BACKUP, acceptedDigest=of_list["digest"]), assignments=(assignment(),))
    assert accepted["priceLists"][0]["outcome"] == "Accepted"
    assert accepted["tenants"][0]["changes"]["discontinued"] == 2


def test_a_guard_that_is_declared_with_it_is_asked(contoso: Shop) -> None:
    shown = dry_run(contoso, price_list(MAIL_DEARER, DISK, guards={"maxPriceChangePercent": "10"}))
    assert (shown["priceLists"][0]["outcome"], "maxPriceChangePercent" in shown["priceLists"][0]["message"]) == (
        "Held",
        True,
    )


def test_bad_content_is_refused_with_its_lines_and_the_tenant_is_planned_for_what_is_there(contoso: Shop) -> None:
    shown = dry_run(contoso, price_list("MAIL,month,much,Mail,,"), assignments=(assignment(),))
    of_list = shown["priceLists"][0]
    assert (of_list["outcome"], "line 2" in of_list["message"]) == ("Refused", True)
    assert shown["tenants"][0]["outcome"] == "UpToDate"


def test_a_list_that_is_not_there_yet_is_tried_out_too(contoso: Shop) -> None:
    shown = dry_run(
        contoso, price_list(MAIL, BACKUP, name="fresh"), assignments=(assignment(priceList="fresh", names=True),)
    )
    assert (shown["priceLists"][0]["outcome"], shown["priceLists"][0]["newRevision"]) == ("Accepted", 1)
    changes = shown["tenants"][0]["changes"]
    assert (changes["added"], changes["discontinued"]) == (1, 1)


def test_a_format_of_ones_own_is_read(contoso: Shop) -> None:
    columns = {"sku": "{Id}", "unit": "month", "price": "{Price}", "name": "{Id}"}
    shown = dry_run(
        contoso, price_list(content=b"Id;Price\nMAIL;4\nDISK;1\n", format={"columns": columns, "delimiter": ";"})
    )
    assert shown["priceLists"][0]["differences"]["priceChanged"] == 2


@pytest.mark.parametrize(
    ("spec", "account", "told"),
    [
        pytest.param({}, "R-nobody", "no catalogue yet", id="a tenant who is not there"),
        pytest.param({"priceList": "none"}, "R-contoso", "has no accepted revision", id="a list that is not there"),
        pytest.param({"revision": 7}, "R-contoso", "has no revision 7", id="a revision that is not there"),
        pytest.param({"restoreRun": 7}, "R-contoso", "run 7", id="a run that is not there"),
    ],
)
def test_who_cannot_be_planned_for_is_told_why(contoso: Shop, spec: Json, account: str, told: str) -> None:
    shown = dry_run(contoso, assignments=(assignment(account, **spec),))
    assert (shown["tenants"][0]["outcome"], told in shown["tenants"][0]["message"]) == ("NotPlanned", True), shown


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param({"priceLists": [{"name": "a"}]}, "body.priceLists.0.spec", id="a list without a spec"),
        pytest.param({"priceLists": 7}, "body.priceLists", id="no list of lists"),
        pytest.param(
            {"priceLists": [price_list(MAIL, currency="euros")]}, "PriceList retail: correct spec.currency", id="a spec"
        ),
        pytest.param(
            {"priceLists": [price_list(MAIL, format={"columns": {"sku": "{", "unit": "u", "price": "p"}})]},
            "PriceList retail: Correct spec.format",
            id="a template",
        ),
        pytest.param(
            {"assignments": [assignment(mode="Some")]}, "account R-contoso: correct spec.mode", id="an assignment"
        ),
    ],
)
def test_what_is_wrong_with_a_declaration_is_named(contoso: Shop, body: Json, told: str) -> None:
    answer = ask(contoso, body)
    assert (answer.status_code, told in answer.json()["detail"]) == (422, True), answer.text


def test_what_is_no_json_is_refused(contoso: Shop) -> None:
    address = f"{contoso.base}/dry-runs"
    sent = [
        contoso.client.post(address, content=b"{", headers={"Content-Type": "application/json"}),
        contoso.client.post(address, content=b"{}", headers={"Content-Type": "text/plain"}),
    ]
    assert [answer.status_code for answer in sent] == [422, 415]


def test_a_distributor_who_is_not_there_is_told_apart(contoso: Shop) -> None:
    answer = contoso.client.post("/api/v1/distributors/nowhere/nobody/dry-runs", json={})
    assert (answer.status_code, "no distributor nobody" in answer.json()["detail"]) == (404, True)


def test_it_does_not_wait_long_for_an_import(
    contoso: Shop, shared_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twotier.bss.dry_run._BOUNDS", "set local lock_timeout = '50ms'")
    with administering(shared_database_url) as importing:
        importing.execute(text("select from price_list for update"))
        answer = ask(contoso, {"priceLists": [price_list(MAIL_DEARER)]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "is being imported at this moment" in answer.json()["detail"]


def test_two_at_once_wait_for_each_other(contoso: Shop) -> None:
    answers: list[int] = []
    body = {"priceLists": [price_list(MAIL_DEARER, DISK)]}
    threads = [threading.Thread(target=lambda: answers.append(ask(contoso, body).status_code)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200, 200]
