"""Every table, view and routine keeps the rules of isolation; what does not is found, whatever it is called."""

import pytest
from sqlalchemy import Connection, text
from tests.postgres.isolation.audit import faults


def test_nothing_breaks_the_rules(owner: Connection) -> None:
    assert faults(owner) == []


NEW_TABLE = "create table novelty (organization_id uuid, value text);"
ISOLATED = NEW_TABLE + "call isolate('novelty');"
BREACHES = {
    "a table without row-level security": (
        NEW_TABLE,
        "table novelty has no row-level security: call isolate, or list it as shared",
    ),
    "a table whose row-level security spares its owner": (
        ISOLATED + "alter table novelty no force row level security",
        "row-level security of table novelty is not forced",
    ),
    "a table with one policy more": (
        ISOLATED + "create policy open on novelty to twotier_api using (true)",
        "table novelty has the policy ('PERMISSIVE', ('twotier_api',), 'ALL', 'true', None)",
    ),
    "a table with one policy less": (
        ISOLATED + "drop policy every_organization on novelty",
        "table novelty lacks the policy ('PERMISSIVE', ('twotier_operator', 'twotier_owner'), 'ALL', 'true', 'true')",
    ),
    "a policy that compares another column": (
        "create table novelty (organization_id uuid, other uuid); call isolate('novelty', 'other')",
        "table novelty lacks the policy ('PERMISSIVE', ('twotier_api', 'twotier_reader', 'twotier_writer'), 'ALL', "
        "'(organization_id = ( SELECT current_organization() AS current_organization))', "
        "'(organization_id = ( SELECT current_organization() AS current_organization))')",
    ),
    "a tenant who may write": (
        ISOLATED + "grant insert on novelty to twotier_api",
        "twotier_api has INSERT on novelty",
    ),
    "a tenant who may write a column": (
        ISOLATED + "grant update (value) on novelty to twotier_api",
        "twotier_api has UPDATE (value) on novelty",
    ),
    "a tenant who may say when": (
        "grant insert (recorded_at) on offer_override to twotier_api",
        "twotier_api has INSERT (recorded_at) on offer_override",
    ),
    "a function that may say when": (
        "grant insert (recorded_at) on offer_override to twotier_writer",
        "twotier_writer has INSERT (recorded_at) on offer_override",
    ),
    "a worker who may read": (
        ISOLATED + "grant select on novelty to twotier_worker",
        "twotier_worker has SELECT on novelty",
    ),
    "a tenant who may truncate": (
        ISOLATED + "grant truncate on novelty to twotier_api",
        "twotier_api has TRUNCATE on novelty",
    ),
    "an operator who may truncate": (
        ISOLATED + "grant truncate on novelty to twotier_operator",
        "twotier_operator has TRUNCATE on novelty",
    ),
    "a tenant who may refer": (
        ISOLATED + "grant references on novelty to twotier_api",
        "twotier_api has REFERENCES on novelty",
    ),
    "a right that may be handed on": (
        ISOLATED + "grant select on novelty to twotier_operator with grant option",
        "twotier_operator may grant SELECT on novelty",
    ),
    "a right of everybody": (ISOLATED + "grant select on novelty to public", "everybody has SELECT on novelty"),
    "a tenant who may read a price list": (
        "grant select on offer to twotier_api",
        "twotier_api has SELECT on offer",
    ),
    "a tenant who may read the epoch": (
        "grant select on leadership to twotier_api",
        "twotier_api has SELECT on leadership",
    ),
    "a reader who may write": ("grant insert on tenant to twotier_reader", "twotier_reader has INSERT on tenant"),
    "a view with the owner's rights": (
        "create view novelty with (security_barrier) as select * from offer",
        "view novelty reads with the rights of twotier_owner",
    ),
    "a view that is no barrier": (
        "set local role twotier_reader; create view novelty as select * from offer",
        "view novelty is no security barrier",
    ),
    "a function that everybody may call": (
        "set local role twotier_reader; create function novelty() returns int language sql return 1",
        "everybody may call novelty()",
    ),
    "a function with the owner's rights": (
        "create function novelty() returns int security definer set search_path = twotier, pg_temp "
        "language sql return 1",
        "novelty() acts with the rights of twotier_owner",
    ),
    "a function with the reader's rights on the caller's search path": (
        "set local role twotier_reader; create function novelty() returns int security definer language sql return 1;"
        "revoke execute on function novelty from public",
        "novelty() acts with the rights of twotier_reader on the caller's search path",
    ),
    "a table of another role": (
        "set local role twotier_reader; create table novelty (value text)",
        "table novelty belongs to twotier_reader",
    ),
}


@pytest.mark.parametrize(("sql", "fault"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_found(sql: str, fault: str, owner: Connection) -> None:
    for statement in sql.split(";"):
        owner.execute(text(statement))
    assert fault in faults(owner)
