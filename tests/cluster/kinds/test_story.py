"""From a distributor's declaration to a reseller's catalogue, and what changes it later."""

from decimal import Decimal

import pytest
from tests.shop import BACKUP, DISK, Object, Shop, assignment, distributor, price_list, tenant

DECLARED = (distributor(), price_list(), tenant(), assignment())
AT_NIGHT = "MAIL,month,4.20,Mail,6.00"


def differences(shop: Shop) -> dict[str, int]:
    """What the tenant's last run changed."""
    counted: dict[str, int] = shop.status("PriceListAssignment", "contoso")["lastRun"]["differences"]
    return {name: count for name, count in counted.items() if count}


@pytest.fixture
def story(shop: Shop) -> Shop:
    """A tenant with the first revision of a list."""
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    return shop


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(DECLARED, id="what others refer to first"),
        pytest.param(DECLARED[::-1], id="what refers to others first"),
    ],
)
def test_whatever_is_declared_first_a_tenant_gets_his_catalogue(shop: Shop, order: tuple[Object, ...]) -> None:
    for each in order:
        shop.apply(each)
    shop.await_ready(*order)

    assert shop.prices() == {"DISK": (Decimal("1.5"), None), "MAIL": (Decimal("4.2"), Decimal(6))}
    assert shop.status("TenantReseller", "contoso")["phase"] == "Active"
    status = shop.status("PriceListAssignment", "contoso")
    assert (status["run"], status["priceList"], status["revision"]) == (1, "retail", 1)
    assert differences(shop) == {"added": 2}
    assert status["lastRun"]["mode"] == "Full"


def test_a_new_version_of_the_list_reaches_the_tenant(story: Shop) -> None:
    story.apply(price_list("retail", "MAIL,month,5,Post,6.00", BACKUP))
    status = story.await_status("PriceListAssignment", "contoso", "run", 2)

    assert status["revision"] == 2
    assert differences(story) == {"added": 1, "discontinued": 1, "changed": 1, "cost": 1}
    assert story.prices() == {"MAIL": (Decimal(5), Decimal(6)), "BACKUP": (Decimal(9), Decimal(12))}
    assert story.catalogue()["MAIL"].name == "Mail"
    imported = story.status("PriceList", "retail")
    assert imported["differences"] == {"added": 1, "removed": 1, "priceChanged": 1, "otherChanged": 0}


def test_sell_prices_and_names_come_down_when_they_are_asked_for(story: Shop) -> None:
    story.apply(price_list("retail", "MAIL,month,4.20,Post,7.00", DISK))
    story.await_status("PriceList", "retail", "revision", 2)
    story.apply(assignment(sellPrices=True, names=True))
    story.await_status("PriceListAssignment", "contoso", "run", 2)

    assert differences(story) == {"changed": 1, "sellPrice": 1, "name": 1}
    mail = story.catalogue()["MAIL"]
    assert (mail.name, mail.sell_price) == ("Post", Decimal(7))


def test_a_partial_update_brings_costs_alone(story: Shop) -> None:
    story.apply(assignment(mode="Partial"), price_list("retail", "MAIL,month,5,Mail,6.00", BACKUP))
    story.await_status("PriceListAssignment", "contoso", "run", 2)

    assert differences(story) == {"changed": 1, "cost": 1}
    assert story.prices() == {"DISK": (Decimal("1.5"), None), "MAIL": (Decimal(5), Decimal(6))}
    message = story.await_condition("PriceListAssignment", "contoso", "True", "UpToDate")
    assert message == "The catalogue of contoso is that of retail, revision 1, with the costs of revision 2"


def test_a_pinned_tenant_stays_and_goes_on_when_the_pin_is_removed(story: Shop) -> None:
    story.apply(price_list("retail", "MAIL,month,5,Mail,6.00"))
    story.await_status("PriceListAssignment", "contoso", "revision", 2)

    story.apply(assignment(revision=1))
    story.await_status("PriceListAssignment", "contoso", "revision", 1)
    assert story.prices() == {"DISK": (Decimal("1.5"), None), "MAIL": (Decimal("4.2"), Decimal(6))}

    story.kubectl("patch", "pla", "contoso", "--type=merge", '--patch={"spec": {"revision": null}}')
    status = story.await_status("PriceListAssignment", "contoso", "revision", 2)
    assert status["run"] == 4
    assert story.prices() == {"MAIL": (Decimal(5), Decimal(6))}


def test_a_first_catalogue_is_of_the_pinned_revision(shop: Shop) -> None:
    shop.apply(distributor(), price_list())
    shop.await_status("PriceList", "retail", "revision", 1)
    shop.apply(price_list("retail", BACKUP))
    shop.await_status("PriceList", "retail", "revision", 2)

    shop.apply(tenant(), assignment(revision=1, mode="Partial"))
    shop.await_ready(tenant(), assignment())

    assert set(shop.catalogue()) == {"MAIL", "DISK"}
    assert shop.status("PriceListAssignment", "contoso")["lastRun"]["mode"] == "Full"


def test_a_pin_to_no_revision_stalls(story: Shop) -> None:
    story.apply(assignment(revision=7))
    assert story.await_condition("PriceListAssignment", "contoso", "False", "RevisionNotFound") == (
        "PriceList retail has no revision 7; the newest is 1: correct spec.revision, or remove it to follow the newest"
    )
    assert story.condition("PriceListAssignment", "contoso", "Stalled") is not None


def test_a_tenant_switches_to_another_list(story: Shop) -> None:
    wholesale = price_list("wholesale", "MAIL,month,4,Mail,6", BACKUP)
    story.apply(wholesale, assignment(priceList="wholesale"))
    status = story.await_status("PriceListAssignment", "contoso", "priceList", "wholesale")

    assert (status["run"], status["revision"]) == (2, 1)
    assert differences(story) == {"added": 1, "discontinued": 1, "changed": 1, "cost": 1}
    assert story.prices() == {"MAIL": (Decimal(4), Decimal(6)), "BACKUP": (Decimal(9), Decimal(12))}


@pytest.mark.parametrize(
    ("others", "reason", "message"),
    [
        pytest.param(
            (price_list("other", currency="USD"),),
            "CurrencyMismatch",
            "PriceList other is in USD, the tenant's catalogue in EUR: set spec.priceList to a list in EUR",
            id="of another currency",
        ),
        pytest.param(
            (distributor("ionian"), price_list("other", distributor="ionian")),
            "DistributorMismatch",
            "PriceList other is of Distributor ionian, the tenant of aegean: set spec.priceList to a list of aegean",
            id="of another distributor",
        ),
    ],
)
def test_a_list_that_a_tenant_cannot_have_stalls_and_what_he_has_stays(
    story: Shop, others: tuple[Object, ...], reason: str, message: str
) -> None:
    story.apply(*others)
    story.await_ready(*others)
    story.apply(assignment(priceList="other"))

    assert story.await_condition("PriceListAssignment", "contoso", "False", reason) == message
    assert story.condition("PriceListAssignment", "contoso", "Stalled") is not None
    assert set(story.catalogue()) == {"MAIL", "DISK"}

    story.apply(assignment())
    story.await_condition("PriceListAssignment", "contoso", "True", "UpToDate")
    assert story.status("PriceListAssignment", "contoso")["run"] == 1


def test_a_deleted_assignment_freezes_the_catalogue(story: Shop) -> None:
    story.delete("PriceListAssignment", "contoso")
    story.apply(price_list("retail", BACKUP))
    story.await_status("PriceList", "retail", "revision", 2)
    message = story.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed", "Prepared")

    assert message.startswith("no price list is assigned")
    assert story.await_condition("TenantReseller", "contoso", "True", "TenantActive") == "Contoso is active"
    assert set(story.catalogue()) == {"MAIL", "DISK"}

    story.apply(assignment())
    story.await_status("PriceListAssignment", "contoso", "run", 2)
    assert set(story.catalogue()) == {"BACKUP"}


def test_what_refers_to_a_deleted_list_waits_for_it(story: Shop) -> None:
    story.delete("PriceList", "retail")
    message = story.await_condition("PriceListAssignment", "contoso", "False", "DependencyNotFound")
    assert message == (
        f"PriceList retail does not exist in namespace {story.namespace}: apply it, or correct spec.priceList"
    )
    story.apply(assignment("fabrikam"), tenant("fabrikam"))
    message = story.await_condition("TenantReseller", "fabrikam", "False", "ChecklistFailed")
    assert "price list retail does not exist: declare it, or assign another one" in message
    assert set(story.catalogue()) == {"MAIL", "DISK"}

    story.apply(price_list())
    story.await_ready(price_list(), assignment(), tenant("fabrikam"), assignment("fabrikam"))
    assert story.status("PriceList", "retail")["revision"] == 1
    assert story.status("PriceListAssignment", "contoso")["run"] == 1


def test_what_refers_to_a_deleted_distributor_waits_for_it(story: Shop) -> None:
    story.delete("Distributor", "aegean")
    for kind, name in (("PriceList", "retail"), ("TenantReseller", "contoso")):
        message = story.await_condition(kind, name, "False", "DependencyNotFound")
        assert message == (
            f"Distributor aegean does not exist in namespace {story.namespace}: apply it, or correct spec.distributor"
        )
    organization = story.organization_id()

    story.apply(distributor())
    story.await_ready(*DECLARED)
    assert story.organization_id() == organization
