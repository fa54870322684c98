"""A reseller's tenant: prepared, created, suspended, deleted and taken back."""

from typing import Any

import pytest
from tests.shop import (
    BACKUP,
    Object,
    Shop,
    assignment,
    distributor,
    eventually,
    price_list,
    tenant,
)

from twotier.bss.tenants.credentials import verify_password
from twotier.dev.installation import admit_tenants

ADMINISTRATOR = "contoso-administrator"
SERVICES = "sku,unit,price,productType\nMAIL,month,4.20,Acronis\n"
PLATFORM = {"name": "Acronis portal", "productTypes": ["Acronis"]}
DECLARED = (distributor(), price_list(), tenant(), assignment())


@pytest.fixture
def active(shop: Shop) -> Shop:
    """An active tenant."""
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    return shop


def failed(shop: Shop, name: str = "contoso") -> dict[str, str]:
    """The items of the checklist that failed, each with its remedy."""
    checklist = shop.status("TenantReseller", name)["checklist"]
    return {item["item"]: item["remedy"] for item in checklist if not item["passed"]}


def await_failed(shop: Shop, expected: set[str]) -> dict[str, str]:
    eventually(
        lambda: shop.status("TenantReseller", "contoso").get("checklist") and failed(shop).keys() == expected,
        lambda: str(shop.status("TenantReseller", "contoso")),
    )
    return failed(shop)


def password(shop: Shop) -> str:
    return shop.secret(ADMINISTRATOR)["password"]


def stored(shop: Shop) -> str:
    """The hash of the administrator's password."""
    found = shop.rows(
        "select password_hash from staff_credential where organization_id = :id", id=shop.organization_id()
    )
    return str(found[0][0])


ACCOUNT, COUNTRY, EMAIL = (
    "Account is enabled for ordering",
    "Country is known",
    "Administrator has an e-mail address",
)
ASSIGNED, ACTIVE, VALID, OFFERS, CURRENCY, PLATFORMS, ADDRESS, FREE = (
    "Price list is assigned",
    "Price list is active",
    "Price list is valid today",
    "Price list has offers",
    "One currency",
    "Provisioning platforms are linked",
    "Storefront address is free",
    "Account has no other tenant",
)
LATER = "this is checked once an existing price list is assigned"


def test_everything_that_a_tenant_lacks_is_told_at_once_and_can_be_mended_in_any_order(shop: Shop) -> None:
    holder = tenant("fabrikam", edition="Premium", storefront={"alias": "marina"})
    aegean = distributor(platforms=[PLATFORM], baseDomain="lacking.example.com")
    shop.apply(aegean, price_list("open"), holder, assignment("fabrikam", priceList="open"))
    shop.await_ready(holder)
    account: dict[str, Any] = {"number": "R-contoso", "name": "Contoso", "orderingEnabled": False}
    lacking: dict[str, Any] = {
        "edition": "Premium",
        "account": account,
        "administrator": {},
        "storefront": {"alias": "marina"},
    }
    shop.apply(tenant(**lacking))

    shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    own = {
        ACCOUNT: "account R-contoso may not order: enable ordering for it",
        COUNTRY: "account R-contoso has no country: add the country of its billing address",
        EMAIL: "the administrator has no e-mail address to sign in with: add one",
        ADDRESS: "storefront address marina.lacking.example.com is taken: choose another one",
    }
    assert failed(shop) == own | {
        ASSIGNED: "no price list is assigned: declare a PriceListAssignment that names this tenant",
        ACTIVE: LATER,
        VALID: LATER,
        OFFERS: LATER,
        CURRENCY: LATER,
        PLATFORMS: LATER,
    }
    assert shop.condition("TenantReseller", "contoso", "Stalled") is not None
    assert shop.status("TenantReseller", "contoso")["phase"] == "Failed"

    bad = price_list(active=False, validUntil="2020-01-31", source={"inline": SERVICES})
    shop.apply(bad, assignment())
    others = {
        ACTIVE: "price list retail is not active: activate it, or assign another one",
        VALID: "price list retail was valid until 2020-01-31: extend it, or assign another one",
        PLATFORMS: "price list retail has products of Acronis portal: register the reseller there, and add the link "
        "to the account",
    }
    assert await_failed(shop, {*own, *others}) == own | others

    lacking["administrator"] = {"email": "ada@contoso.example"}
    account |= {
        "orderingEnabled": True,
        "address": {"country": "GR"},
        "provisioningLinks": [{"platform": "Acronis portal", "reference": "c-1"}],
    }
    lacking["storefront"] = {"alias": "shop"}
    shop.apply(tenant(**lacking))
    assert await_failed(shop, {ACTIVE, VALID})
    shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    assert shop.condition("TenantReseller", "contoso", "Stalled") is None
    assert shop.status("TenantReseller", "contoso")["phase"] == "InProgress"

    shop.apply(price_list(source={"inline": SERVICES}))
    shop.kubectl("patch", "pl", "retail", "--type=merge", '--patch={"spec": {"validUntil": null}}')
    shop.await_ready(tenant(), assignment())
    assert failed(shop) == {}
    assert shop.status("TenantReseller", "contoso")["storefrontAddress"] == "shop.lacking.example.com"


def test_a_tenant_waits_for_a_first_revision(shop: Shop) -> None:
    shop.apply(distributor(), price_list(source={"inline": "nonsense\n"}), assignment(), tenant())
    assert await_failed(shop, {OFFERS}) == {
        OFFERS: "price list retail has no accepted revision yet: see its condition Accepted"
    }
    shop.await_condition("PriceListAssignment", "contoso", "False", "TenantNotActive")
    assert shop.organization_id() is None

    shop.apply(price_list())
    shop.await_ready(*DECLARED)


def test_what_is_declared_of_a_tenant_is_kept(active: Shop) -> None:
    changed = tenant(
        edition="Premium",
        language="el",
        account={"number": "R-contoso", "name": "Contoso SA", "address": {"country": "GR"}},
        storefront={"alias": "contoso", "branding": {"companyName": "Contoso"}},
    )
    active.apply(distributor(baseDomain="kept.example.com"), changed)
    active.await_ready(changed)
    active.await_status("TenantReseller", "contoso", "storefrontAddress", "contoso.kept.example.com")
    assert active.rows(
        "select display_name, edition, language, alias from organization o join tenant t on t.organization_id = o.id "
        "join storefront s on s.organization_id = o.id where o.id = :id",
        id=active.organization_id(),
    ) == [("Contoso SA", "Premium", "el", "contoso")]
    assert active.condition("TenantReseller", "contoso", "StorefrontPublished") is not None


def test_an_address_that_another_tenant_has_stalls_a_tenant_and_changes_nothing_of_him(active: Shop) -> None:
    other = tenant("fabrikam", edition="Premium", storefront={"alias": "harbour"})
    active.apply(distributor(baseDomain="taken.example.com"), other, assignment("fabrikam"))
    active.await_ready(other)
    active.apply(tenant(edition="Premium", language="el", storefront={"alias": "harbour"}))

    message = active.await_condition("TenantReseller", "contoso", "False", "StorefrontAddressTaken")
    assert message == "storefront address harbour.taken.example.com is taken: choose another one"
    assert active.rows("select language from tenant where organization_id = :id", id=active.organization_id()) == [
        ("en",)
    ]


def test_of_two_that_declare_one_account_the_younger_waits_until_the_older_is_gone(active: Shop) -> None:
    organization = active.organization_id()
    younger = tenant("newcomer", account={"number": "R-contoso", "name": "Contoso", "address": {"country": "GR"}})
    active.apply(younger, assignment("newcomer"))
    message = active.await_condition("TenantReseller", "newcomer", "False", "OwnedByAnother")
    assert message == (
        f"account R-contoso is already declared by TenantReseller {active.namespace}/contoso: delete one of the two"
    )
    assert active.condition("TenantReseller", "newcomer", "Stalled") is not None
    assert active.status("TenantReseller", "newcomer").keys() >= {"phase", "checklist"}
    assert "organizationId" not in active.status("TenantReseller", "newcomer")

    active.delete("TenantReseller", "contoso")
    active.await_ready(younger)
    assert active.status("TenantReseller", "newcomer")["organizationId"] == str(organization)


def test_a_younger_claimant_hears_of_an_older_one_that_was_never_made(shop: Shop) -> None:
    older = tenant(administrator={})
    younger = tenant("newcomer", account={"number": "R-contoso", "name": "Contoso", "address": {"country": "GR"}})
    shop.apply(distributor(), older)
    shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    shop.await_a_later_second("TenantReseller", "contoso")
    shop.apply(younger)
    shop.await_condition("TenantReseller", "newcomer", "False", "OwnedByAnother")

    shop.delete("TenantReseller", "contoso")
    message = shop.await_condition("TenantReseller", "newcomer", "False", "ChecklistFailed")
    assert "declared by" not in message


def test_a_younger_claimant_that_goes_takes_nothing_with_it(active: Shop) -> None:
    younger = tenant(
        "newcomer",
        account={"number": "R-contoso", "name": "Contoso", "address": {"country": "GR"}},
        deletionPolicy="Delete",
    )
    younger["metadata"]["finalizers"] = ["twotier.dev/cleanup"]  # as a backup would bring it back
    active.await_a_later_second("TenantReseller", "contoso")
    active.apply(younger)
    active.await_condition("TenantReseller", "newcomer", "False", "OwnedByAnother")
    active.delete("TenantReseller", "newcomer")

    assert active.rows("select phase from tenant where organization_id = :id", id=active.organization_id()) == [
        ("Active",)
    ]


def test_a_suspended_tenant_is_ready_and_gets_no_update_until_it_is_active_again(active: Shop) -> None:
    active.apply(tenant(state="Suspended"))
    message = active.await_condition("TenantReseller", "contoso", "True", "TenantSuspended")
    assert message.startswith("Contoso is suspended, as declared")
    assert active.status("TenantReseller", "contoso")["phase"] == "Suspended"

    active.apply(price_list("retail", BACKUP))
    message = active.await_condition("PriceListAssignment", "contoso", "True", "TenantSuspended")
    assert message == "TenantReseller contoso is suspended: nothing is updated until it is active again"
    shown = active.condition("PriceListAssignment", "contoso", "UpToDate")
    assert shown is not None
    assert (shown.status, shown.reason) == ("False", "TenantSuspended")
    plan = active.status("PriceListAssignment", "contoso")["plan"]
    assert (plan["targetRevision"], plan["differences"]["added"], plan["differences"]["discontinued"]) == (2, 1, 2)
    assert set(active.catalogue()) == {"MAIL", "DISK"}

    active.apply(tenant())
    status = active.await_status("PriceListAssignment", "contoso", "run", 2)
    assert "plan" not in status
    assert set(active.catalogue()) == {"BACKUP"}


@pytest.mark.parametrize(
    ("declared", "changed"),
    [
        pytest.param(distributor(), distributor(displayName="Other"), id="a Distributor"),
        pytest.param(price_list(), price_list("retail", BACKUP), id="a PriceList"),
        pytest.param(tenant(), tenant(language="el"), id="a TenantReseller"),
        pytest.param(assignment(), assignment(priceList="other"), id="a PriceListAssignment"),
    ],
)
def test_nothing_happens_to_a_resource_that_is_not_to_be_reconciled(
    active: Shop, declared: Object, changed: Object
) -> None:
    kind, name = declared["kind"], declared["metadata"]["name"]
    before, rows = active.status(kind, name), active.counts()
    suspended = {**changed, "spec": {**changed["spec"], "suspend": True}}
    active.apply(suspended)
    message = active.await_condition(kind, name, "True", "Suspended")
    assert message == "Reconciling is suspended; set spec.suspend to false to resume it"
    after = active.status(kind, name)
    own = before.keys() - {"conditions", "observedGeneration"}
    assert {field: after[field] for field in own} == {field: before[field] for field in own}
    assert active.counts() == rows

    active.apply({**declared, "spec": {**declared["spec"], "suspend": False}})
    active.await_condition(kind, name, "True", before["conditions"][-1]["reason"])


def test_a_resource_that_is_not_to_be_reconciled_can_be_deleted(active: Shop) -> None:
    active.apply(tenant(suspend=True))
    active.await_condition("TenantReseller", "contoso", "True", "Suspended")
    active.delete("TenantReseller", "contoso")
    assert active.rows("select phase from tenant where organization_id = :id", id=active.organization_id()) == [
        ("MarkedAsDeleted",)
    ]


def test_the_administrators_password_is_in_a_secret_of_the_tenants_own(active: Shop) -> None:
    found = active.cluster.get("secret", ADMINISTRATOR, f"--namespace={active.namespace}")
    owners = found["metadata"]["ownerReferences"]
    assert found["type"] == "twotier.dev/administrator"
    assert [(owner["kind"], owner["name"], owner["controller"]) for owner in owners] == [
        ("TenantReseller", "contoso", True)
    ]
    assert active.secret(ADMINISTRATOR)["email"] == "ada@contoso.example"
    assert verify_password(password(active), stored(active))
    assert active.status("TenantReseller", "contoso")["credentialsSecret"] == ADMINISTRATOR


def test_a_new_value_of_rotate_credentials_makes_new_ones_and_its_removal_none(active: Shop) -> None:
    first = password(active)
    rotated = tenant(administrator={"email": "ada@contoso.example", "rotateCredentials": "2026-11"})
    active.apply(rotated)
    active.await_status("TenantReseller", "contoso", "rotateCredentials", "2026-11")
    second = password(active)
    assert second != first
    assert verify_password(second, stored(active))

    active.kubectl(
        "patch", "tr", "contoso", "--type=merge", '--patch={"spec": {"administrator": {"rotateCredentials": null}}}'
    )
    active.await_ready(tenant())
    assert password(active) == second
    assert verify_password(second, stored(active))


def test_another_email_address_of_the_administrator_has_credentials_of_its_own(active: Shop) -> None:
    first = password(active)
    changed = tenant(administrator={"email": "grace@contoso.example"})
    active.apply(changed)
    active.await_ready(changed)
    assert active.secret(ADMINISTRATOR)["email"] == "grace@contoso.example"
    assert password(active) != first
    assert verify_password(password(active), stored(active))


def test_another_name_of_the_administrator_leaves_the_credentials_as_they_are(active: Shop) -> None:
    before, password_hash = active.secret(ADMINISTRATOR), stored(active)
    changed = tenant(administrator={"email": "ada@contoso.example", "lastName": "King"})
    active.apply(changed)
    active.await_ready(changed)
    assert (active.secret(ADMINISTRATOR), stored(active)) == (before, password_hash)


def test_a_secret_that_a_person_deleted_comes_back_with_new_credentials_and_that_is_told(active: Shop) -> None:
    first = password(active)
    active.kubectl("delete", "secret", ADMINISTRATOR)
    active.kubectl("annotate", "tr", "contoso", "--overwrite", "reconcile.fluxcd.io/requestedAt=lost")
    eventually(lambda: active.secret(ADMINISTRATOR) != {}, lambda: "no Secret")
    active.await_status("TenantReseller", "contoso", "lastHandledReconcileAt", "lost")
    assert password(active) != first
    assert verify_password(password(active), stored(active))
    told = [each for each in active.status("TenantReseller", "contoso")["conditions"] if each["type"] == "Ready"]
    assert "was missing, so it has been created again with a new password for the administrator" in told[0]["message"]


def test_a_secret_of_somebody_else_is_left_alone(shop: Shop) -> None:
    shop.kubectl("create", "secret", "generic", ADMINISTRATOR, "--from-literal=password=mine")
    shop.apply(*DECLARED)
    message = shop.await_condition("TenantReseller", "contoso", "False", "SecretNotOurs")
    assert message == (
        f"Secret {ADMINISTRATOR} exists and is not TwoTier's, that is, of type twotier.dev/administrator and owned by "
        "TenantReseller contoso; so it is left alone: delete it, and the credentials will be written to a new one"
    )
    assert password(shop) == "mine"
    assert shop.status("TenantReseller", "contoso").get("phase") != "Active"

    shop.kubectl("delete", "secret", ADMINISTRATOR)
    shop.await_ready(*DECLARED)
    assert verify_password(password(shop), stored(shop))


def test_a_tenant_waits_where_the_operator_may_not_write_secrets_and_tells_the_command_that_lets_it(shop: Shop) -> None:
    shop.kubectl("delete", "rolebinding", "twotier-credentials")
    shop.apply(*DECLARED)
    message = shop.await_condition("TenantReseller", "contoso", "False", "SecretsForbidden")
    told, _, command = message.partition("; to grant it: kubectl ")
    assert told == (
        f"The operator has no right to write Secrets in namespace {shop.namespace}, where the administrator's "
        "credentials belong"
    )
    assert shop.condition("TenantReseller", "contoso", "Stalled") is None

    shop.cluster.run(*command.split())
    shop.await_ready(*DECLARED)
    assert verify_password(password(shop), stored(shop))


def test_a_tenant_that_is_deleted_is_kept_and_taken_back(active: Shop) -> None:
    organization, first = active.organization_id(), password(active)
    rows = active.counts()
    active.delete("TenantReseller", "contoso")
    assert active.rows("select phase from tenant where organization_id = :id", id=organization) == [
        ("MarkedAsDeleted",)
    ]
    message = active.await_condition("PriceListAssignment", "contoso", "False", "DependencyNotFound")
    assert message.startswith("TenantReseller contoso does not exist in namespace")

    active.apply(tenant())
    active.await_ready(tenant(), assignment())
    assert active.organization_id() == organization
    assert active.counts() == rows
    assert active.status("PriceListAssignment", "contoso")["run"] == 1
    assert password(active) != first
    assert verify_password(password(active), stored(active))


def test_a_tenant_that_is_deleted_with_its_data_begins_anew(active: Shop) -> None:
    organization = active.organization_id()
    rows = active.counts()
    active.apply(tenant(deletionPolicy="Delete"))
    active.await_ready(tenant())
    active.delete("TenantReseller", "contoso")
    assert active.organization_id() is None
    assert active.rows("select count(*) from catalogue_update where organization_id = :id", id=organization) == [(0,)]
    assert active.rows("select count(*) from staff where organization_id = :id", id=organization) == [(0,)]

    active.apply(tenant())
    active.await_ready(tenant(), assignment())
    assert active.organization_id() not in (None, organization)
    assert active.counts() == rows


def test_a_namespace_can_be_deleted(active: Shop) -> None:
    organization = active.organization_id()
    active.kubectl("get", "namespace", active.namespace)
    active.cluster.run("delete", "namespace", active.namespace, "--timeout=60s")
    assert active.rows("select phase from tenant where organization_id = :id", id=organization) == [
        ("MarkedAsDeleted",)
    ]
    active.cluster.run("create", "namespace", active.namespace)
    admit_tenants(active.cluster, active.namespace)
    active.apply(*DECLARED)
    active.await_ready(*DECLARED)
    assert active.organization_id() == organization
