"""What is compared of a namespace that went through chaos and of one where the same was declared once, in peace.

Compared: of each resource, its conditions by type, status and reason, whether its status is of its generation, its
finalizers, and what of its status follows from its spec; of the database, by business keys, what is declared of the
distributor, its lists and tenants, the content of the heads of lists, which list each tenant's catalogue comes from,
and what it sells at which cost and price; Secrets, by what is in them and whether the password fits the hash.

Not compared, because it is owed to the history: ids, times, numbers of runs and revisions, messages (which name these),
the revisions that catalogues are pinned to (what equals the head needs no update), counts of what the last import or
update changed, plans and the log of runs, offers that arrived once and are discontinued, and what is copied into a
tenant once, when it is created (taxes, payment methods). What must hold of these whatever the history is in
`broken_laws`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.chaos.edits import Target, target_of
from tests.resources import Object
from tests.shop import Shop

from twotier.bss.tenants.credentials import verify_password

Picture = Mapping[str, object]
"""What is compared, by words that say what it is."""

STATUS: Final[Mapping[str, Sequence[str]]] = {
    "Distributor": (),
    "PriceList": ("digest", "offers", "products", "suspects", "held", "vendorFlags"),
    "TenantReseller": ("phase", "checklist", "storefrontAddress", "credentialsSecret"),
    "PriceListAssignment": ("priceList", "plan"),
    "BackorderPolicy": (),
    "ResellerUpgrade": (),
}
"""What of a status follows from the spec."""

DECLARED: Final[Mapping[str, str]] = {
    "distributor": """
        select o.name, o.display_name, o.country, o.time_zone, o.currency, h.name as base_domain, d.record_owner,
               d.record_permission_rule
        from organization o join distributor d on d.organization_id = o.id
        left join reserved_host h on h.organization_id = o.id where o.namespace = :namespace""",
    "taxes": """
        select t.name, t.percent, r.product_type from tax t join organization o on o.id = t.organization_id
        left join tax_rule r on r.organization_id = o.id and r.tax = t.name where o.namespace = :namespace""",
    "price lists": """
        select l.name, l.currency, l.active, l.valid_from, l.valid_until
        from price_list l join organization o on o.id = l.organization_id where o.namespace = :namespace""",
    "offers of the heads": """
        select l.name, f.sku, f.unit, f.price, f.recommended_sell_price, f.active
        from price_list l join organization o on o.id = l.organization_id
        join offer f on f.price_list_id = l.id and f.to_revision = 2147483647 where o.namespace = :namespace""",
    "products of the heads": """
        select l.name, p.sku, p.name as product, p.active
        from price_list l join organization o on o.id = l.organization_id
        join product p on p.price_list_id = l.id and p.to_revision = 2147483647 where o.namespace = :namespace""",
    "suspects": """
        select l.name, s.sku from price_list l join organization o on o.id = l.organization_id
        join suspect_offer s on s.price_list_id = l.id where o.namespace = :namespace""",
    "accounts": """
        select a.number, a.name, a.email, a.country, a.ordering_enabled
        from account a join organization o on o.id = a.organization_id where o.namespace = :namespace""",
    "tenants": """
        select t.account_number, t.display_name, t.country, t.time_zone, t.currency, x.phase, x.edition, x.language,
               x.date_format, x.separate_invoices, x.billing_day, h.name as host, f.alias, f.branding
        from organization t join organization o on o.id = t.root_id join tenant x on x.organization_id = t.id
        left join reserved_host h on h.organization_id = t.id
        left join storefront f on f.organization_id = t.id where o.namespace = :namespace""",
    "administrators": """
        select t.account_number, s.email, s.first_name, s.last_name, c.password_hash is not null as has_password
        from organization t join organization o on o.id = t.root_id
        join staff s on s.organization_id = t.id and s.is_administrator
        left join staff_credential c on c.organization_id = t.id and c.staff_id = s.id
        where o.namespace = :namespace""",
    "catalogues": """
        select t.account_number, l.name
        from organization t join organization o on o.id = t.root_id
        join catalogue_assignment a on a.organization_id = t.id
        join catalogue_update u on u.organization_id = t.id and u.number = a.current
        join price_list l on l.id = u.structure_list where o.namespace = :namespace""",
}
"""What is compared of the database, each row with all that it says."""

LAWS: Final[Mapping[str, str]] = {
    "the log of a tenant has no gap and no number twice": """
        select t.account_number, a.last_number, count(u.number) from catalogue_assignment a
        join organization t on t.id = a.organization_id
        left join catalogue_update u on u.organization_id = a.organization_id
        group by t.account_number, a.organization_id, a.last_number
        having count(u.number) <> a.last_number or max(u.number) <> a.last_number or min(u.number) <> 1""",
    "a tenant's catalogue is that of the newest run in force": """
        select a.organization_id, a.current from catalogue_assignment a where a.current is distinct from
          (select max(u.number) from catalogue_update u where u.organization_id = a.organization_id and u.in_force)""",
    "an approved plan is applied once": """
        select organization_id, plan_id, count(*) from catalogue_update where plan_id is not null
        group by organization_id, plan_id having count(*) > 1""",
    "revisions of a list have no gap": """
        select l.name, l.head_revision, count(r.revision) from price_list l
        left join price_list_revision r on r.price_list_id = l.id
        group by l.id having count(r.revision) <> l.head_revision or max(r.revision) <> nullif(l.head_revision, 0)""",
    "an offer has one row at a time": """
        select a.price_list_id, a.sku, a.unit from offer a join offer b using (price_list_id, sku, unit)
        where a.from_revision < b.from_revision and b.from_revision < a.to_revision""",
    "a product has one row at a time": """
        select a.price_list_id, a.sku from product a join product b using (price_list_id, sku)
        where a.from_revision < b.from_revision and b.from_revision < a.to_revision""",
    "the head has the rows that its revision says": """
        select l.name, r.offers, count(f.sku) from price_list l
        join price_list_revision r on r.price_list_id = l.id and r.revision = l.head_revision
        left join offer f on f.price_list_id = l.id and f.to_revision = 2147483647
        group by l.id, r.offers having count(f.sku) <> r.offers""",
    "an active tenant has one administrator with a password, and a catalogue": """
        select t.account_number from organization t join tenant x on x.organization_id = t.id
        where x.phase in ('Active', 'Suspended') and (
          (select count(c.password_hash) from staff s
           left join staff_credential c on c.organization_id = s.organization_id and c.staff_id = s.id
           where s.organization_id = t.id and s.is_administrator) <> 1
          or not exists (select from catalogue_assignment a where a.organization_id = t.id))""",
}
"""What holds of the whole database whatever happened: each finds what breaks it."""


def picture(shop: Shop, declared: Sequence[Object]) -> Picture:
    """Return how both sides look, without what is owed to the history."""
    found: dict[str, object] = {}
    for each in declared:
        if each["kind"] in STATUS:
            found.update(_resource(shop, target_of(each)))
    for what, sql in DECLARED.items():
        found.update(_rows(shop, what, sql))
    for each in declared:
        if each["kind"] == "TenantReseller":
            found.update(_tenant(shop, each["metadata"]["name"]))
    neutral: Picture = {what: _without_place(value, shop.namespace) for what, value in found.items()}
    return neutral


def differences(chaos: Picture, peace: Picture) -> Mapping[str, tuple[object, object]]:
    """Return what differs, with how it is after chaos and after peace; None stands for what is missing."""
    return {
        what: (chaos.get(what), peace.get(what))
        for what in sorted({*chaos, *peace})
        if chaos.get(what) != peace.get(what)
    }


def broken_laws(shop: Shop) -> Sequence[tuple[str, str]]:
    """Return the laws that do not hold in the database, each with a row that breaks it."""
    return [(law, str(row)) for law, sql in LAWS.items() for row in shop.rows(sql)]


def left_behind(shop: Shop, policies: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return what is wrong with tenants whose resources were all deleted.

    Args:
        policies: the deletion policy of each account, by its number.
    """
    phases = shop.rows(
        "select t.account_number, x.phase from organization t join organization o on o.id = t.root_id "
        "join tenant x on x.organization_id = t.id where o.namespace = :namespace",
        namespace=shop.namespace,
    )
    expected = {number: "MarkedAsDeleted" for number, policy in policies.items() if policy == "Retain"}
    found = dict(phases)
    return [
        (f"the tenant of account {number} once its resource is deleted", f"{found.get(number)} instead of {phase}")
        for number, phase in {**dict.fromkeys(found, None), **expected}.items()
        if found.get(number) != phase
    ]


def _resource(shop: Shop, target: Target) -> Iterator[tuple[str, object]]:
    kind, name = target
    found = shop.get(kind, name)
    status = found.get("status", {})
    yield f"{kind} {name}", "there" if found else "missing"
    yield f"{kind} {name}, finalizers", found.get("metadata", {}).get("finalizers")
    is_new = status.get("observedGeneration") == found.get("metadata", {}).get("generation")
    yield f"{kind} {name}, status is of this generation", is_new
    for condition in status.get("conditions", ()):
        yield f"{kind} {name}, {condition['type']}", f"{condition['status']} {condition['reason']}"
    for field in STATUS[kind]:
        yield f"{kind} {name}, status.{field}", status.get(field)


def _rows(shop: Shop, what: str, sql: str) -> Iterator[tuple[str, object]]:
    found = shop.rows(f"select to_jsonb(q)::text from ({sql}) q order by 1", namespace=shop.namespace)  # noqa: S608 -- ours
    for (row,) in found:
        yield f"{what}: {_without_place(row, shop.namespace)}", "there"


def _tenant(shop: Shop, name: str) -> Iterator[tuple[str, object]]:
    if shop.organization_id(name) is not None:
        for offer in shop.catalogue(name).values():
            told = (offer.name, str(offer.cost), str(offer.sell_price), offer.active, offer.published)
            yield f"{name} sells {offer.sku} {offer.unit}", told
    secret = shop.secret(f"{name}-administrator")
    yield f"{name}, its Secret", sorted(secret)
    yield f"{name}, e-mail address in its Secret", secret.get("email")
    hashes = shop.rows(
        "select c.password_hash from staff_credential c where c.organization_id = :id", id=shop.organization_id(name)
    )
    yield f"{name}, passwords that fit", [verify_password(secret.get("password", ""), found) for (found,) in hashes]


def _without_place(value: Any, namespace: str) -> Any:
    match value:
        case str():
            return value.replace(namespace, "shop")
        case list():
            return [_without_place(each, namespace) for each in value]
        case dict():
            return {key: _without_place(each, namespace) for key, each in value.items()}
        case _:
            return value
