"""An assignment gives one account a list: whoever declares its tenant anew with another account gets nothing by it."""

from decimal import Decimal

from tests.shop import Object, Shop, assignment, distributor, eventually, price_list, tenant

from twotier.dev.installation import NO_FINALIZERS
from twotier.dev.operator import Operator
from twotier.runtime.resource import FINALIZER

NAMES = ("contoso", "fabrikam")
PRICES = {"contoso": Decimal(1), "fabrikam": Decimal(2)}
MISMATCH = "AccountMismatch"


def list_of(name: str, price: Decimal | None = None) -> Object:
    """A list that is a secret of one tenant's."""
    return price_list(f"only-{name}", f"MAIL,month,{price or PRICES[name]},Mail,9", guards={"maxRemovedPercent": 100})


def assigned(name: str, **spec: object) -> Object:
    return assignment(name, priceList=f"only-{name}", **spec)


def with_account_of(name: str, other: str) -> Object:
    """A tenant of one name with the account of the other."""
    return tenant(name, account=tenant(other)["spec"]["account"])


DECLARED = (
    distributor(),
    *(list_of(name) for name in NAMES),
    *(tenant(name) for name in NAMES),
    *(assigned(name, approval="Manual") for name in NAMES),
)
SWAPPED = (with_account_of("contoso", "fabrikam"), with_account_of("fabrikam", "contoso"))


def costs(shop: Shop) -> dict[str, Decimal]:
    """What each account pays for its mail, by the name that its tenant had first."""
    return {name: shop.prices(name)["MAIL"][0] for name in NAMES}


def await_refused(shop: Shop, name: str, account: str) -> None:
    message = shop.await_condition("PriceListAssignment", name, "False", MISMATCH)
    assert message == (
        f"TenantReseller {name} has account {account}, and this assignment was made for account R-{name}: nothing is "
        f"applied. Declare TenantReseller {name} with account R-{name} again; or, if account {account} is to get "
        f"PriceList only-{name}, delete this assignment and declare it again"
    )
    assert shop.condition("PriceListAssignment", name, "Stalled") is not None


def test_two_tenants_that_are_declared_anew_with_each_others_account_keep_their_lists(shop: Shop) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    assert costs(shop) == PRICES
    for name in NAMES:
        shop.delete("TenantReseller", name)

    shop.apply(*SWAPPED, *(assigned(name) for name in NAMES))

    await_refused(shop, "contoso", "R-fabrikam")
    await_refused(shop, "fabrikam", "R-contoso")
    shop.await_ready(*SWAPPED)
    assert costs(shop) == PRICES

    for name in NAMES:
        shop.delete("TenantReseller", name)
    shop.apply(*(tenant(name) for name in NAMES), list_of("contoso", Decimal(3)))
    shop.await_status("PriceListAssignment", "contoso", "run", 2)
    shop.await_ready(*DECLARED)
    assert costs(shop) == PRICES | {"contoso": Decimal(3)}


def test_it_makes_no_difference_that_nobody_looked_in_the_meantime(shop: Shop, shared_operator: Operator) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    assert shared_operator.stop() == 0
    try:
        for name in NAMES:
            shop.kubectl("patch", "tr", name, "--type=merge", f"--patch={NO_FINALIZERS}")
            shop.delete("TenantReseller", name)
        shop.apply(*SWAPPED, *(assigned(name) for name in NAMES))
    finally:
        shared_operator.start()

    await_refused(shop, "contoso", "R-fabrikam")
    await_refused(shop, "fabrikam", "R-contoso")
    assert costs(shop) == PRICES


def test_an_account_that_is_new_gets_no_first_catalogue_from_the_assignment_of_another(shop: Shop) -> None:
    unfinished = tenant(administrator={})
    shop.apply(distributor(), list_of("contoso"), unfinished, assigned("contoso"))
    shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    # Before anything came of it.
    shop.await_status("PriceListAssignment", "contoso", "account", "R-contoso")
    shop.await_status("PriceList", "only-contoso", "revision", 1)
    shop.delete("TenantReseller", "contoso")

    shop.apply(with_account_of("contoso", "fabrikam"))

    await_refused(shop, "contoso", "R-fabrikam")
    message = shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    assert message == (
        "PriceListAssignment contoso was made for account R-contoso: declare this tenant with that account, or delete "
        "the assignment and declare it again for account R-fabrikam"
    )
    shop.delete("PriceListAssignment", "contoso")
    shop.apply(assigned("contoso"))
    shop.await_ready(with_account_of("contoso", "fabrikam"), assigned("contoso"))
    assert shop.status("PriceListAssignment", "contoso")["account"] == "R-fabrikam"
    assert shop.prices("fabrikam")["MAIL"][0] == PRICES["contoso"]


def test_what_is_being_deleted_assigns_nothing(shop: Shop) -> None:
    shop.apply(distributor(), list_of("contoso"), assigned("contoso"))
    shop.await_status("PriceList", "only-contoso", "revision", 1)
    shop.kubectl("patch", "pla", "contoso", "--type=merge", '--patch={"metadata":{"finalizers":["example.com/mine"]}}')
    shop.delete("PriceListAssignment", "contoso", wait=False)

    shop.apply(tenant())

    message = shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    assert "no price list is assigned" in message
    assert FINALIZER not in shop.get("TenantReseller", "contoso")["metadata"].get("finalizers", ())
    shop.kubectl("patch", "pla", "contoso", "--type=merge", '--patch={"metadata":{"finalizers":[]}}')
    eventually(lambda: not shop.get("PriceListAssignment", "contoso"), lambda: "the assignment is still there")
