"""Whatever happens to a tenant's catalogue, its own products stay, and its overrides are told as they are."""

from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import Engine
from tests.postgres.catalogue.plain_model import OwnPrice, PlainTenant
from tests.postgres.catalogue.resellers import give_edition
from tests.postgres.catalogue.sequences import FOUND, SKUS, UNITS, Sequence, sequences
from tests.postgres.catalogue.world import World

from twotier.bss.database import Role
from twotier.bss.reseller import overrides, own_products
from twotier.bss.reseller.own_products import OwnListing, OwnOffer, OwnProduct

Told = dict[tuple[str, str | None, str], tuple[str, bool]]
"""By SKU, unit and property: the value, and whether it counts."""


def make_own_products(world: World) -> list[OwnListing]:
    """Make a product of the tenant's own for every key that may come down."""
    world.become(None)
    give_edition(world.connection, world.tenant_id, "Premium")
    world.become(Role.API)
    own_products.create_product_type(world.connection, world.tenant_id, "own")
    for sku in SKUS:
        product = OwnProduct(sku, f"own {sku}", "own", published=True)
        own_products.create(world.connection, world.tenant_id, product)
        for unit in UNITS:
            own_products.put_offer(world.connection, world.tenant_id, OwnOffer(sku, unit, Decimal(77)))
    return own_products.listed(world.connection, world.tenant_id)


def told(world: World) -> Told:
    found = overrides.listed(world.connection, world.tenant_id, limit=1_000)
    return {(each.sku, each.unit, each.property): (each.value, each.displaced_by is None) for each in found}


def known(plain: PlainTenant) -> Told:
    """What the reseller set last, unless it removed it."""
    texts: Told = {
        (sku, None, name): (_shown(plain, name, values[-1].text), values[-1].version not in plain.copy.displaced)
        for (sku, name), values in plain.own_texts.items()
        if values[-1].text is not None
    }
    prices: Told = {
        (*key, _property(values[-1].price)): (
            _number(values[-1].price),
            values[-1].version not in plain.copy.displaced,
        )
        for key, values in plain.own_prices.items()
        if values[-1].price not in (None, OwnPrice())
    }
    return texts | prices


def _shown(plain: PlainTenant, name: str, text: str | None) -> str:
    assert text is not None
    return plain.category_name(text) if name == "category" else text


def _property(price: OwnPrice | None) -> str:
    return "sellPrice" if price is not None and price.margin is None else "margin"


def _number(price: OwnPrice | None) -> str:
    assert price is not None
    return str(price.amount if price.margin is None else price.margin)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=sequences)
@example(sequence=FOUND["a name is displaced by the option for names alone"])
@example(sequence=FOUND["an own price is displaced, and back after an undo"])
@example(sequence=FOUND["an own price set since the plan survives"])
@example(sequence=FOUND["a category that was renamed takes along what arrives in it"])
def test_what_is_the_resellers_own_stays_his_after_any_sequence(sequence: Sequence, engine: Engine) -> None:
    first, steps = sequence
    with engine.begin() as connection:
        world = World(connection)
        world.begin(first)
        before = make_own_products(world)
        assert len(before) == len(SKUS) * len(UNITS)
        for step in steps:
            world.take(step)
            world.check()
            assert own_products.listed(connection, world.tenant_id) == before
            assert told(world) == known(world.plain)
        world.check_reads()
