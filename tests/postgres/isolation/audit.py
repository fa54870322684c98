"""What is wrong with the isolation of a database, found in PostgreSQL's catalog, so that nothing new escapes it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from twotier.bss.database import Role

READ: Final = frozenset({"SELECT"})
APPEND: Final = frozenset({"SELECT", "INSERT"})
WRITE: Final = frozenset({"INSERT", "UPDATE", "DELETE"})

NOT_OF_AN_ORGANIZATION: Final[Mapping[str, Mapping[Role, frozenset[str]]]] = {
    "alembic_version": {Role.OPERATOR: READ, Role.API: READ, Role.VIEWER: READ},
    "loaded_routines": {Role.OPERATOR: READ, Role.API: READ, Role.VIEWER: READ},
    "leadership": {Role.OPERATOR: READ},
    "leadership_of_twotier_operator": {Role.OPERATOR: READ | {"UPDATE"}},
    "country": {Role.OPERATOR: READ, Role.API: READ},
    "country_state": {Role.OPERATOR: READ, Role.API: READ},
    # Price lists: competitors' secrets, which tenants read through what the reader owns
    "price_list": {Role.OPERATOR: APPEND | {"UPDATE"}, Role.VIEWER: READ},
    "price_list_revision": {Role.OPERATOR: APPEND, Role.VIEWER: READ},
    "price_list_source": {Role.OPERATOR: APPEND | {"UPDATE"}, Role.VIEWER: READ},
    "held_revision": {Role.OPERATOR: APPEND | {"UPDATE"}, Role.VIEWER: READ},
    "digested_group": {Role.OPERATOR: APPEND | {"UPDATE"}},
    "held_offer": {Role.OPERATOR: APPEND | {"DELETE"}, Role.VIEWER: READ},
    "held_product": {Role.OPERATOR: APPEND | {"DELETE"}, Role.VIEWER: READ},
    "held_relation": {Role.OPERATOR: APPEND | {"DELETE"}, Role.VIEWER: READ},
    "suspect_offer": {Role.OPERATOR: READ | WRITE, Role.READER: READ, Role.VIEWER: READ},
    "product": {Role.OPERATOR: APPEND | {"UPDATE", "MAINTAIN"}, Role.READER: READ, Role.VIEWER: READ},
    "offer": {Role.OPERATOR: APPEND | {"UPDATE", "MAINTAIN"}, Role.READER: READ, Role.VIEWER: READ},
    "product_relation": {Role.OPERATOR: APPEND | {"UPDATE", "MAINTAIN"}, Role.READER: READ, Role.VIEWER: READ},
}
"""Tables without row-level security, and the most that each role may do to them."""

VIEWS_OF_PRICE_LISTS: Final[Mapping[str, Mapping[Role, frozenset[str]]]] = {
    view: {Role.OPERATOR: READ | {"UPDATE (to_revision)"}, Role.VIEWER: READ}
    for view in ("open_offer", "open_product", "open_product_relation")
}
"""Views of such tables alone, and the most that each role may do to them."""

OF_AN_ORGANIZATION: Final[Mapping[Role, frozenset[str]]] = {
    Role.OPERATOR: READ | WRITE,
    Role.API: READ,
    Role.READER: READ,
    Role.WRITER: READ,
    Role.VIEWER: READ,
}
"""The most that each role may do to a table whose rows belong to organizations."""

REMOVED_BY_RESELLERS: Final = frozenset({"own_product_type", "own_product", "own_offer"})
"""Tables that a tenant's session removes rows from itself; everything else functions of the writer write for it."""

WRITTEN_BY_FUNCTIONS: Final[Mapping[str, Mapping[str, Collection[str]]]] = {
    "catalogue_assignment": {"UPDATE": ("last_override",)},
    "product_override": {"INSERT": ("organization_id", "sku", "field", "version", "value")},
    "offer_override": {"INSERT": ("organization_id", "sku", "unit", "version", "sell_price", "margin_percent")},
    "category_override": {"INSERT": ("organization_id", "category", "version", "name")},
    "own_product_type": {"INSERT": ()},
    "own_product": {
        "INSERT": (
            *("organization_id", "sku", "name", "description", "image", "category"),
            *("product_type", "charge_type", "published"),
        ),
        "UPDATE": (
            *("name", "description", "image", "category", "charge_type", "published"),
            *("changed_at", "changed_by"),
        ),
    },
    "own_offer": {
        "INSERT": ("organization_id", "sku", "unit", "sell_price", "cost"),
        "UPDATE": ("sell_price", "cost", "changed_at", "changed_by"),
    },
}
"""Columns that functions of the writer write for a tenant's session; none: all. Who and when they can only renew."""

READ_FROM_THE_ROOT: Final = frozenset({"distributor_country"})
"""Isolated tables of which a tenant reads the rows of its root too."""

READ_FOR_EVERYBODY: Final = frozenset({"reserved_host", "storefront"})
"""Isolated tables that functions of the reader look something up in before it is known for whom."""

OWN_ROWS: Final = "({column} = ( SELECT current_organization() AS current_organization))"
ROWS_OF_THE_ROOT: Final = "(organization_id = ( SELECT current_root() AS current_root))"

_TABLES: Final = """
select c.relname as name, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) as owner,
       case when c.relname = 'organization' then 'id' else 'organization_id' end as organization_column
from pg_class c
where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p', 'f', 'm')
order by c.relname
"""
_POLICIES: Final = """
select tablename, policyname, permissive, roles::text[] as roles, cmd, qual, with_check
from pg_policies where schemaname = 'twotier' order by 1, 2
"""
_GRANTS: Final = """
select c.relname as name, c.relkind in ('v') as is_view, a.grantee = 0 as is_public,
       case when a.grantee <> 0 then pg_get_userbyid(a.grantee) end as grantee, a.privilege_type, a.is_grantable
from pg_class c cross join lateral aclexplode(c.relacl) a
where c.relnamespace = 'twotier'::regnamespace and c.relkind not in ('i', 'I', 'c') and a.grantee <> c.relowner
union all
select c.relname, c.relkind in ('v'), a.grantee = 0, case when a.grantee <> 0 then pg_get_userbyid(a.grantee) end,
       format('%s (%s)', a.privilege_type, t.attname), a.is_grantable
from pg_class c
join pg_attribute t on t.attrelid = c.oid
cross join lateral aclexplode(t.attacl) a
where c.relnamespace = 'twotier'::regnamespace
order by 1, 4, 5
"""
_VIEWS: Final = """
select c.relname as name, pg_get_userbyid(c.relowner) as owner,
       'security_barrier=true' = any(coalesce(c.reloptions, '{}')) as is_barrier,
       'security_invoker=true' = any(coalesce(c.reloptions, '{}')) as is_invoker
from pg_class c where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'v' order by 1
"""
_ROUTINES: Final = """
select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner) as owner, p.prosecdef as is_definer,
       p.proconfig as settings,
       0 in (select a.grantee from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a) as is_public
from pg_proc p
where p.pronamespace = 'twotier'::regnamespace
  -- what makes a range of two texts is PostgreSQL's own
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
order by 1
"""


def isolated_tables(connection: Connection) -> dict[str, str]:
    """Return the tables with row-level security, and the column that names the organization."""
    return {
        table.name: table.organization_column
        for table in connection.execute(text(_TABLES))
        if table.name not in NOT_OF_AN_ORGANIZATION
    }


def faults(connection: Connection) -> list[str]:
    """Tell everything that is not as it should be, in sentences."""
    return [*_table_faults(connection), *_policy_faults(connection), *_grant_faults(connection),
            *_view_faults(connection), *_routine_faults(connection)]  # fmt: skip


def _table_faults(connection: Connection) -> Iterator[str]:
    for table in connection.execute(text(_TABLES)):
        if table.owner != Role.OWNER:
            yield f"table {table.name} belongs to {table.owner}"
        if table.name in NOT_OF_AN_ORGANIZATION:
            continue
        if not table.relrowsecurity:
            yield f"table {table.name} has no row-level security: call isolate, or list it as shared"
        elif not table.relforcerowsecurity:
            yield f"row-level security of table {table.name} is not forced"


def _policy_faults(connection: Connection) -> Iterator[str]:
    found: dict[str, set[tuple[object, ...]]] = {}
    for policy in connection.execute(text(_POLICIES)):
        found.setdefault(policy.tablename, set()).add(_rule(*policy[2:3], sorted(policy.roles), *policy[4:]))
    for name, column in isolated_tables(connection).items():
        wanted = _wanted_policies(name, column)
        yield from (f"table {name} lacks the policy {rule}" for rule in wanted - found.get(name, set()))
        yield from (f"table {name} has the policy {rule}" for rule in found.get(name, set()) - wanted)


def _wanted_policies(name: str, column: str) -> set[tuple[object, ...]]:
    own = OWN_ROWS.format(column=column)
    wanted = {
        _rule("PERMISSIVE", sorted((Role.API, Role.READER, Role.WRITER)), "ALL", own, own),
        _rule("PERMISSIVE", sorted((Role.OPERATOR, Role.OWNER)), "ALL", "true", "true"),
        _rule("PERMISSIVE", [Role.VIEWER], "SELECT", "true", None),
    }
    if name in READ_FROM_THE_ROOT:
        wanted.add(_rule("PERMISSIVE", [Role.API], "SELECT", ROWS_OF_THE_ROOT, None))
    if name in READ_FOR_EVERYBODY:
        wanted.add(_rule("PERMISSIVE", [Role.READER], "SELECT", "true", None))
    return wanted


def _rule(permissive: str, roles: Sequence[str], *rest: object) -> tuple[object, ...]:
    return (permissive, tuple(map(str, roles)), *rest)


def _grant_faults(connection: Connection) -> Iterator[str]:
    for grant in connection.execute(text(_GRANTS)):
        where = f"{grant.privilege_type} on {grant.name}"
        if grant.is_public:
            yield f"everybody has {where}"
        elif grant.is_grantable:
            yield f"{grant.grantee} may grant {where}"
        elif grant.grantee not in set(Role) or grant.privilege_type not in _most(grant):
            yield f"{grant.grantee} has {where}"


def _most(grant: Row[*tuple[Any, ...]]) -> frozenset[str]:
    role, name = Role(grant.grantee), grant.name
    if name in VIEWS_OF_PRICE_LISTS:
        return VIEWS_OF_PRICE_LISTS[name].get(role, frozenset())
    if grant.is_view:
        return READ
    if name in NOT_OF_AN_ORGANIZATION:
        return NOT_OF_AN_ORGANIZATION[name].get(role, frozenset())
    return OF_AN_ORGANIZATION.get(role, frozenset()) | _of_resellers(role, name)


def _of_resellers(role: Role, name: str) -> frozenset[str]:
    if role is Role.API and name in REMOVED_BY_RESELLERS:
        return frozenset({"DELETE"})
    written = WRITTEN_BY_FUNCTIONS.get(name, {}) if role is Role.WRITER else {}
    return frozenset(
        f"{verb} ({column})" if column else verb for verb, columns in written.items() for column in columns or ("",)
    )


def _view_faults(connection: Connection) -> Iterator[str]:
    for view in connection.execute(text(_VIEWS)):
        if not view.is_invoker and view.owner != Role.READER:
            yield f"view {view.name} reads with the rights of {view.owner}"
        if not view.is_invoker and not view.is_barrier:
            yield f"view {view.name} is no security barrier"


def _routine_faults(connection: Connection) -> Iterator[str]:
    for routine in connection.execute(text(_ROUTINES)):
        if routine.is_public:
            yield f"everybody may call {routine.name}"
        if routine.is_definer and routine.owner not in {Role.READER, Role.WRITER}:
            yield f"{routine.name} acts with the rights of {routine.owner}"
        if routine.is_definer and "search_path=twotier, pg_temp" not in (routine.settings or ()):
            yield f"{routine.name} acts with the rights of {routine.owner} on the caller's search path"
