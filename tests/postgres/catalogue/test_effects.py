"""What each kind of change in the distributor's list does to a tenant (domain.md sections 8.4 and 18.8)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from tests.postgres.catalogue.plain_model import Content, Offer, OfferKey, Product, RelationKey
from tests.postgres.catalogue.rows import NOW, import_revision, make_list, make_organizations

from twotier.bss.catalogue.reads.bundles import Component, components
from twotier.bss.catalogue.reads.pages import CatalogueOffer, Tier, lookup, page_by_sku
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_first_update, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import (
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)

MONTH = OfferKey("mail", "P1M:P1M")
YEAR = OfferKey("mail", "P1Y:P1Y")
MAIL = Content(products={"mail": Product("Mail", category="Office")}, offers={MONTH: Offer(Decimal(4), Decimal(5))})


def _with(content: Content, **changes: Offer) -> Content:
    return replace(content, offers=dict(content.offers) | {OfferKey("mail", unit): o for unit, o in changes.items()})


class Tenant:
    """A tenant, the list it has, and those who change either."""

    def __init__(self, engine: Engine, databases: dict[Role, Database]) -> None:
        self.id = uuid4()
        self._engine, self._databases = engine, databases
        self._history: list[Content] = []
        distributor = uuid4()
        with engine.begin() as connection:
            connection.execute(text("set local role none"))
            make_organizations(connection, distributor, self.id)
            self.list_id = make_list(connection, distributor, "list")

    def publish(self, content: Content) -> None:
        """The list gets its next revision."""
        self._history.append(content)
        with self._engine.begin() as connection:
            connection.execute(text("set local role none"))
            import_revision(connection, self.list_id, self._history)

    def begin(self, content: Content) -> None:
        """The list gets its first revision, and the tenant its catalogue."""
        self.publish(content)
        with self._databases[Role.OPERATOR].transaction() as connection:
            write_first_update(connection, self.id, self.list_id, 1, Request("test", NOW))

    def update(self, mode: Mode = Mode.FULL, *, sell_prices: bool = False, names: bool = False) -> None:
        """The newest revision is applied."""
        update = Update(self.list_id, len(self._history), mode, sell_prices, names)
        with self._databases[Role.OPERATOR].transaction() as connection:
            newest = plan(connection, self.id, update).newest
            write_update(connection, self.id, update, Request("test", NOW), expected_newest=newest)

    def follow(self, content: Content, mode: Mode = Mode.FULL, **options: bool) -> None:
        """The list gets its next revision, and it is applied."""
        self.publish(content)
        self.update(mode, **options)

    def offer(self, key: OfferKey) -> CatalogueOffer:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            found = lookup(connection, *key)
        assert found is not None, f"{key} never arrived"
        return found

    def on_offer(self) -> set[OfferKey]:
        """What a page of the storefront shows."""
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            return {OfferKey(offer.sku, offer.unit) for offer in page_by_sku(connection) if offer.published}

    def relations(self) -> set[tuple[str, str, str]]:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            found = connection.execute(text("select kind, sku, related_sku from tenant_relations"))
            return {(row.kind, row.sku, row.related_sku) for row in found}

    def costs(self, key: OfferKey) -> list[Decimal]:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            history = text("select cost from tenant_price_history where sku = :sku and unit = :unit order by number")
            return list(connection.execute(history, {"sku": key.sku, "unit": key.unit}).scalars())

    def components(self, key: OfferKey) -> list[Component]:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            return components(connection, *key)

    def set_price(self, key: OfferKey, amount: str) -> None:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            record_offer_override(connection, self.id, *key, SellPrice(Decimal(amount)))

    def set_text(self, sku: str, field: ProductField, value: str) -> None:
        with self._databases[Role.API].tenant_transaction(self.id) as connection:
            record_product_override(connection, self.id, sku, field, value)


@pytest.fixture
def tenant(engine: Engine, databases: dict[Role, Database]) -> Tenant:
    return Tenant(engine, databases)


# One test for each row of domain.md section 8.4


def test_a_new_product_or_add_on_in_the_list_is_copied_with_all_it_has(tenant: Tenant) -> None:
    tenant.begin(MAIL)
    archive = Product("Archive", "Keeps mail", "Office", "mail service", "recurring", "add-on")
    tenant.follow(
        Content(
            products={**MAIL.products, "archive": archive},
            offers={**MAIL.offers, OfferKey("archive", "P1M:P1M"): Offer(Decimal(2), Decimal(3))},
        )
    )
    copied = tenant.offer(OfferKey("archive", "P1M:P1M"))
    assert (copied.name, copied.description, copied.category) == ("Archive", "Keeps mail", "Office")
    assert (copied.product_type, copied.charge_type, copied.kind) == ("mail service", "recurring", "add-on")
    assert (copied.cost, copied.sell_price, copied.published) == (Decimal(2), Decimal(3), True)


@pytest.mark.parametrize("mode", Mode)
def test_a_changed_price_changes_the_cost_and_not_the_sell_price_unless_the_option_is_on(
    mode: Mode, tenant: Tenant
) -> None:
    tenant.begin(MAIL)
    tenant.follow(_with(MAIL, **{MONTH.unit: Offer(Decimal(6), Decimal(7))}), mode)
    assert (tenant.offer(MONTH).cost, tenant.offer(MONTH).sell_price) == (Decimal(6), Decimal(5))
    tenant.update(mode, sell_prices=True)
    assert (tenant.offer(MONTH).cost, tenant.offer(MONTH).sell_price) == (Decimal(6), Decimal(7))


def test_a_new_unit_arrives_with_its_prices_and_is_active_at_once(tenant: Tenant) -> None:
    tenant.begin(MAIL)
    tenant.follow(_with(MAIL, **{YEAR.unit: Offer(Decimal(40), Decimal(50))}))
    year = tenant.offer(YEAR)
    assert (year.cost, year.sell_price, year.active, year.published) == (Decimal(40), Decimal(50), True, True)
    assert tenant.on_offer() == {MONTH, YEAR}


def test_a_unit_that_the_list_no_longer_has_is_withdrawn_from_sale_and_can_still_be_read(tenant: Tenant) -> None:
    both = _with(MAIL, **{YEAR.unit: Offer(Decimal(40), Decimal(50))})
    tenant.begin(both)
    tenant.follow(MAIL)
    year = tenant.offer(YEAR)
    assert (year.discontinued, year.published, year.cost, year.sell_price) == (True, False, Decimal(40), Decimal(50))
    assert tenant.on_offer() == {MONTH}


@pytest.mark.parametrize(
    "inactive",
    [
        pytest.param(lambda: replace(MAIL, products={"mail": Product("Mail", active=False)}), id="the product"),
        pytest.param(
            lambda: replace(MAIL, offers={MONTH: Offer(Decimal(4), Decimal(5), active=False)}), id="the offer alone"
        ),
    ],
)
def test_what_is_deactivated_or_activated_at_the_distributor_is_so_at_the_tenant(
    inactive: Callable[[], Content], tenant: Tenant
) -> None:
    tenant.begin(MAIL)
    tenant.follow(inactive())
    assert (tenant.offer(MONTH).active, tenant.on_offer()) == (False, set())
    tenant.follow(MAIL)
    assert (tenant.offer(MONTH).active, tenant.on_offer()) == (True, {MONTH})


def test_an_upgrade_path_comes_and_goes_with_the_list(tenant: Tenant) -> None:
    two = Content(
        products={"mail": Product("Mail"), "mail pro": Product("Mail Pro")},
        offers={**MAIL.offers, OfferKey("mail pro", "P1M:P1M"): Offer(Decimal(8), Decimal(9))},
    )
    tenant.begin(two)
    tenant.follow(replace(two, relations={RelationKey("upgrade", "mail", "mail pro"): None}))
    assert tenant.relations() == {("upgrade", "mail", "mail pro")}
    tenant.follow(two)
    assert tenant.relations() == set()


def test_a_discontinued_product_leaves_the_sales_channels_and_keeps_its_row_and_its_history(tenant: Tenant) -> None:
    other = OfferKey("other", "P1M:P1M")
    rest = Content(products={"other": Product("Other")}, offers={other: Offer(Decimal(1), Decimal(2))})
    tenant.begin(Content({**MAIL.products, **rest.products}, {**MAIL.offers, **rest.offers}))
    tenant.follow(rest)
    gone = tenant.offer(MONTH)
    assert (gone.name, gone.cost, gone.discontinued, gone.published) == ("Mail", Decimal(4), True, False)
    assert (tenant.on_offer(), tenant.costs(MONTH)) == ({other}, [Decimal(4)])


def test_an_add_on_relation_comes_and_goes_with_the_list(tenant: Tenant) -> None:
    two = Content(
        products={"mail": Product("Mail"), "archive": Product("Archive", kind="add-on")},
        offers={**MAIL.offers, OfferKey("archive", "P1M:P1M"): Offer(Decimal(2), Decimal(3))},
    )
    tenant.begin(two)
    tenant.follow(replace(two, relations={RelationKey("add-on", "archive", "mail"): None}))
    assert tenant.relations() == {("add-on", "archive", "mail")}
    tenant.follow(two)
    assert tenant.relations() == set()


def test_a_category_is_the_resellers_from_the_arrival_on(tenant: Tenant) -> None:
    tenant.begin(MAIL)
    tenant.follow(replace(MAIL, products={"mail": Product("Mail", category="Moved")}), sell_prices=True, names=True)
    assert tenant.offer(MONTH).category == "Office"


@pytest.mark.parametrize("mode", Mode)
def test_a_new_volume_discount_is_propagated(mode: Mode, tenant: Tenant) -> None:
    tenant.begin(MAIL)
    tiers = ((Decimal(10), Decimal("3.5")), (Decimal(50), Decimal(3)))
    tenant.follow(_with(MAIL, **{MONTH.unit: Offer(Decimal(4), Decimal(5), tiers)}), mode)
    assert tenant.offer(MONTH).tiers == (Tier(Decimal(10), Decimal("3.5")), Tier(Decimal(50), Decimal(3)))


def test_a_new_commitment_term_or_billing_plan_is_a_unit_beside_the_others_which_stay_as_they_are(
    tenant: Tenant,
) -> None:
    tenant.begin(MAIL)
    before = tenant.offer(MONTH)
    yearly_paid_monthly = OfferKey("mail", "P1Y:P1M")
    tenant.follow(_with(MAIL, **{yearly_paid_monthly.unit: Offer(Decimal("3.60"), Decimal("4.60"))}))
    assert tenant.offer(MONTH) == before
    assert tenant.on_offer() == {MONTH, yearly_paid_monthly}


# What else comes down


@pytest.mark.parametrize("price", [None, Decimal(0)], ids=["no sell price", "a sell price of zero"])
def test_an_offer_that_arrives_with(price: Decimal | None, tenant: Tenant) -> None:
    """... is unpublished and needs a review until the reseller prices it."""
    tenant.begin(MAIL)
    tenant.follow(_with(MAIL, **{YEAR.unit: Offer(Decimal(40), price)}))
    assert (tenant.offer(YEAR).published, tenant.offer(YEAR).needs_review) == (False, True)
    tenant.set_price(YEAR, "50")
    assert (tenant.offer(YEAR).published, tenant.offer(YEAR).needs_review) == (True, False)


def test_a_partial_update_brings_no_offer_takes_none_and_changes_no_relation(tenant: Tenant) -> None:
    tenant.begin(MAIL)
    other = OfferKey("other", "P1M:P1M")
    tenant.follow(
        Content(
            products={"other": Product("Other")},
            offers={other: Offer(Decimal(1), Decimal(2))},
            relations={RelationKey("upgrade", "other", "other"): None},
        ),
        Mode.PARTIAL,
    )
    assert (tenant.on_offer(), tenant.relations()) == ({MONTH}, set())


# Bundles

BUNDLE = OfferKey("suite", "P1M:P1M")
CHAT = OfferKey("chat", "P1M:P1M")
SUITE = Content(
    products={"suite": Product("Suite", kind="bundle"), "mail": Product("Mail"), "chat": Product("Chat")},
    offers={
        BUNDLE: Offer(Decimal(9), Decimal(10)),
        MONTH: Offer(Decimal(4), Decimal(5)),
        CHAT: Offer(Decimal(1), Decimal(2)),
    },
    relations={
        RelationKey("component", "suite", "mail"): Decimal(2),
        RelationKey("component", "suite", "chat"): Decimal(1),
    },
)


def test_a_bundle_comes_down_with_an_update_once_it_is_in_the_list(tenant: Tenant) -> None:
    tenant.begin(MAIL)
    tenant.follow(SUITE)
    assert (tenant.offer(BUNDLE).kind, tenant.offer(BUNDLE).published) == ("bundle", True)
    assert tenant.relations() == {("component", "suite", "mail"), ("component", "suite", "chat")}


def _hide(tenant: Tenant) -> None:
    tenant.set_text("chat", ProductField.PUBLICATION, "hidden")


def _discontinue(tenant: Tenant) -> None:
    offers = {key: offer for key, offer in SUITE.offers.items() if key != CHAT}
    tenant.follow(replace(SUITE, products={s: p for s, p in SUITE.products.items() if s != "chat"}, offers=offers))


def _deactivate(tenant: Tenant) -> None:
    tenant.follow(replace(SUITE, products={**SUITE.products, "chat": Product("Chat", active=False)}))


def _unprice(tenant: Tenant) -> None:
    tenant.follow(replace(SUITE, offers={**SUITE.offers, CHAT: Offer(Decimal(1), None)}), sell_prices=True)


@pytest.mark.parametrize(
    "unpublish",
    [
        pytest.param(_hide, id="is hidden by the reseller"),
        pytest.param(_discontinue, id="is discontinued"),
        pytest.param(_deactivate, id="is inactive"),
        pytest.param(_unprice, id="has no sell price"),
    ],
)
def test_a_bundle_is_not_shown_when_a_component(unpublish: Callable[[Tenant], None], tenant: Tenant) -> None:
    tenant.begin(SUITE)
    assert BUNDLE in tenant.on_offer()
    unpublish(tenant)
    assert BUNDLE not in tenant.on_offer()
    assert MONTH in tenant.on_offer()


def test_a_bundle_in_a_bundle_counts_with_all_that_is_in_it(tenant: Tenant) -> None:
    outer = OfferKey("all", "P1M:P1M")
    tenant.begin(
        Content(
            products={**SUITE.products, "all": Product("All", kind="bundle")},
            offers={**SUITE.offers, outer: Offer(Decimal(20), Decimal(30))},
            relations={**SUITE.relations, RelationKey("component", "all", "suite"): Decimal(1)},
        )
    )
    assert outer in tenant.on_offer()
    _hide(tenant)
    assert outer not in tenant.on_offer()


def test_a_component_counts_in_the_unit_of_the_bundle(tenant: Tenant) -> None:
    tenant.begin(
        replace(
            SUITE,
            offers={
                **SUITE.offers,
                CHAT: Offer(Decimal(1), Decimal(2), active=False),
                OfferKey("chat", "P1Y:P1Y"): Offer(Decimal(10), Decimal(20)),
            },
        )
    )
    assert BUNDLE not in tenant.on_offer()


def test_a_component_that_is_not_sold_in_the_unit_of_the_bundle_counts_in_any(tenant: Tenant) -> None:
    offers = {BUNDLE: SUITE.offers[BUNDLE], MONTH: SUITE.offers[MONTH]}
    setup = OfferKey("chat", "once")
    tenant.begin(replace(SUITE, offers={**offers, setup: Offer(Decimal(1), Decimal(2))}))
    assert BUNDLE in tenant.on_offer()
    assert [component.price for component in tenant.components(BUNDLE)] == [None, None]


def test_the_price_of_a_bundle_is_split_by_the_distributors_prices_of_its_components(tenant: Tenant) -> None:
    tenant.begin(SUITE)
    # Two of mail at 4 and one of chat at 1: eight ninths and one ninth
    assert tenant.components(BUNDLE) == [
        Component("chat", Decimal(1), Decimal("1.11")),
        Component("mail", Decimal(2), Decimal("8.89")),
    ]
    tenant.set_price(BUNDLE, "18")
    assert [component.price for component in tenant.components(BUNDLE)] == [Decimal(2), Decimal(16)]


def test_what_is_no_bundle_has_no_components(tenant: Tenant) -> None:
    tenant.begin(SUITE)
    assert tenant.components(MONTH) == []
