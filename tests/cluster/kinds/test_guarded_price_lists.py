"""What people see of a list that the guards hold, and how they accept it."""

import re
from typing import Any

from tests.shop import BACKUP, DISK, MAIL, Object, Shop, assignment, csv, distributor, price_list, tenant

from twotier.dev.operator import Operator

CUT_OFF = (MAIL,)
WHOLE = (MAIL, DISK, BACKUP)


def guarded(*rows: str, **spec: Any) -> Object:
    """A list under the guards that it has when it declares none."""
    return price_list("retail", **({"source": {"inline": csv(*rows)}, "guards": {}} | spec))


def accepted(shop: Shop) -> tuple[str, str]:
    found = shop.condition("PriceList", "retail", "Accepted")
    assert found is not None
    return found.status, found.reason


def test_a_list_that_was_cut_off_is_held_until_a_person_lets_it_through(shop: Shop) -> None:
    shop.apply(distributor(), guarded(*WHOLE), tenant(), assignment())
    shop.await_ready(assignment())

    shop.apply(guarded(*CUT_OFF))
    message = shop.await_condition("PriceList", "retail", "True", "Held")
    assert message == (
        "Revision 1 has 3 offers of 3 products and remains in force; "
        "the source's present content is held, see condition Accepted"
    )
    assert accepted(shop) == ("False", "TooManyRemoved")
    status = shop.status("PriceList", "retail")
    held = status["held"]
    assert (status["revision"], held["offers"], held["differences"]["removed"]) == (1, 1, 2)

    shop.apply(guarded(*CUT_OFF, acceptedDigest=held["digest"]))
    status = shop.await_status("PriceList", "retail", "revision", 2)
    assert (status["digest"], "held" in status, accepted(shop)) == (held["digest"], False, ("True", "Imported"))
    shop.await_status("PriceListAssignment", "contoso", "run", 2)


def test_a_first_list_that_is_held_waits_for_a_person(shop: Shop) -> None:
    shop.apply(distributor(), guarded(MAIL, guards={"minRows": 2}, maxAge="36h"))
    message = shop.await_condition("PriceList", "retail", "False", "Held")
    held = shop.status("PriceList", "retail")["held"]["digest"]
    assert message == (
        "The content of the source is held: it has fewer offers than minRows asks for: 1 of 2. Correct the source, or "
        f"set spec.acceptedDigest to {held} to accept exactly this content"
    )
    assert shop.condition("PriceList", "retail", "Stalled") is not None
    fresh = shop.condition("PriceList", "retail", "Fresh")
    assert fresh is not None
    assert (fresh.status, fresh.reason) == ("False", "NeverImported")

    shop.apply(guarded(MAIL, DISK, guards={"minRows": 2}, maxAge="36h"))
    shop.await_condition("PriceList", "retail", "True", "Imported")
    assert accepted(shop) == ("True", "Imported")


def test_suspects_are_discontinued_when_their_time_has_come(shop: Shop) -> None:
    patient = {"discontinueAfter": "4s"}
    shop.apply(distributor(), guarded(*WHOLE, guards=patient))
    shop.await_status("PriceList", "retail", "revision", 1)

    shop.apply(guarded(MAIL, DISK, guards=patient | {"maxRemovedPercent": 50}))
    status = shop.await_status("PriceList", "retail", "suspects", 1)
    assert (status["revision"], status["offers"]) == (1, 3)

    status = shop.await_status("PriceList", "retail", "revision", 2)
    assert (status["offers"], status["suspects"]) == (2, 0)


def test_a_list_whose_files_stopped_coming_is_not_fresh(shop: Shop, shared_operator: Operator) -> None:
    shop.apply(distributor(), guarded(*WHOLE, maxAge="3s"))
    shop.await_condition("PriceList", "retail", "False", "OlderThanMaxAge", "Fresh")
    assert shop.is_ready("PriceList", "retail")
    assert fresh(shop, shared_operator) == "0.0"


def test_a_list_that_cannot_be_imported_grows_old(shop: Shop) -> None:
    shop.apply(distributor(), guarded(*WHOLE, maxAge="5s"))
    shop.await_status("PriceList", "retail", "revision", 1)
    shop.apply(guarded(maxAge="5s", source={"inline": "nonsense\n"}))
    shop.await_condition("PriceList", "retail", "False", "SourceRefused")
    shop.await_condition("PriceList", "retail", "False", "OlderThanMaxAge", "Fresh")


def fresh(shop: Shop, operator: Operator) -> str | None:
    """What the metric says."""
    found = re.search(
        rf'^twotier_condition\{{kind="PriceList",name="retail",namespace="{shop.namespace}",type="Fresh"\}} (\S+)$',
        operator.metrics(),
        re.MULTILINE,
    )
    return found and found[1]
