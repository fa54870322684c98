"""What a person is told to do next."""

from tests.unit.cli.showing_resources import ASSIGNMENT, PRICE_LIST, condition, standing

from twotier.cli.render.advice import advice
from twotier.cli.render.resource import Standing

GONE = "PriceList retail does not exist in namespace shop: apply it, or correct spec.priceList"
DIGEST = "ab" * 32


def told(of: Standing) -> list[str]:
    return [step.what for step in advice(of)]


def test_what_waits_for_another_resource_says_for_which() -> None:
    waiting = {
        "conditions": [
            condition("Reconciling", "True", "ProgressingWithRetry", GONE),
            condition("Ready", "False", "DependencyNotFound", GONE),
        ]
    }
    assert told(standing("PriceListAssignment", "meltemi", ASSIGNMENT, waiting)) == [
        GONE,
        "The operator retries automatically.",
    ]


def test_an_acceptance_that_is_used_up_is_to_be_renewed() -> None:
    held = {"held": {"digest": DIGEST}, "conditions": [condition("Ready", "True", "HeldBack", "Held")]}
    (unanswered,) = told(standing("PriceList", "retail", PRICE_LIST, held))
    (answered,) = told(standing("PriceList", "retail", PRICE_LIST | {"acceptedDigest": DIGEST}, held))
    assert unanswered == "Correct the source; or, if its content is right, accept exactly this content:"
    assert answered == "Correct the source; or, if its content is right, remove spec.acceptedDigest and set it again:"
