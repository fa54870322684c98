"""No key ties two distributors together: one can move to another database, and nothing of it stays behind."""

import pytest
from sqlalchemy import Connection, text
from tests.postgres.isolation.keys import faults


def test_no_key_of_the_schema_does(owner: Connection) -> None:
    assert faults(owner) == []


TIES = {
    "a foreign key that does not name the organization": (
        "create table novelty (organization_id uuid, number integer, primary key (organization_id, number));"
        "create unique index somewhere on catalogue_plan (id);"
        'alter table novelty add plan_id text collate "C" references catalogue_plan (id)',
        "foreign key novelty_plan_id_fkey of novelty may lead to a row of another organization in catalogue_plan: name "
        "the organization or the list on both sides",
    ),
    "a foreign key to some other organization": (
        "create table novelty (organization_id uuid primary key, partner uuid references organization)",
        "foreign key novelty_partner_fkey of novelty may lead to a row of another organization in organization: name "
        "the organization or the list on both sides",
    ),
    "a foreign key from a tenant to any list": (
        "create table novelty (organization_id uuid primary key, price_list_id integer references price_list)",
        "foreign key novelty_price_list_id_fkey of novelty may lead to a row of another organization in price_list: "
        "name the organization or the list on both sides",
    ),
    "a unique key": (
        "create table novelty (organization_id uuid, number integer unique)",
        "unique key novelty_number_key of novelty holds no organization, list or distributor: two of them could not "
        "have the same",
    ),
    "a unique index of an expression": (
        "create table novelty (organization_id uuid, email text);"
        "create unique index novelty_by_email on novelty (lower(email)) include (organization_id)",
        "unique key novelty_by_email of novelty holds no organization, list or distributor: two of them could not have "
        "the same",
    ),
}


@pytest.mark.parametrize(("sql", "fault"), TIES.values(), ids=TIES.keys())
def test_a_tie_is_found(sql: str, fault: str, owner: Connection) -> None:
    for statement in sql.split(";"):
        owner.execute(text(statement))
    assert fault in faults(owner)


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "create table novelty (organization_id uuid references organization, sku text collate \"C\", "
            "primary key (organization_id, sku), foreign key (organization_id, sku) references own_product)",
            id="of an organization",
        ),
        pytest.param(
            "create table novelty (price_list_id integer references price_list, revision integer, "
            "primary key (price_list_id, revision), "
            "foreign key (price_list_id, revision) references price_list_revision)",
            id="of a list",
        ),
        pytest.param(
            "create table novelty (organization_id uuid primary key, country char(2) references country)",
            id="to what is the same everywhere",
        ),
    ],
)  # fmt: skip
def test_a_key_that_stays_where_it_is_from_is_none(sql: str, owner: Connection) -> None:
    owner.execute(text(sql))
    assert faults(owner) == []
