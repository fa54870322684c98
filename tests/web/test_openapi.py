"""Every operation answers as the OpenAPI says, whatever it is asked."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    CheckFunction,
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.shop import TOKEN, Shop, full

from twotier.web.app import described_app
from twotier.web.shared.authentication import HEADER

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=int(os.environ.get("TWOTIER_API_EXAMPLES", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def known(make_shop: Callable[[], Shop]) -> dict[str, object]:
    """Parameters of paths that lead to something."""
    shop = make_shop()
    shop.publish("MAIL,month,4.20,Mail,6.00,", "DISK,month,1.50,Disk,,")
    tenant = shop.tenant("R-contoso")
    shop.publish("MAIL,month,4.80,Mail,6.00,", "DISK,month,1.50,Disk,,", days=1)
    return {
        "namespace": shop.namespace,
        "distributor": "northwind",
        "account": "R-contoso",
        "name": "retail",
        "number": 1,
        "sku": "MAIL",
        "id": shop.plan(tenant, full(shop.declare_list(), 2)),
    }


schema = schemathesis.openapi.from_dict(described_app().openapi())


@schema.parametrize()
@BOUNDED
def test_whatever_is_asked_is_answered_as_described(case: schemathesis.Case[Any], url: str) -> None:
    case.call_and_validate(base_url=url, headers={HEADER: TOKEN}, checks=[*CHECKS, negative_data_rejection])


@schema.parametrize()
@BOUNDED
def test_what_is_there_is_shown_as_described(case: schemathesis.Case[Any], url: str, known: dict[str, object]) -> None:
    case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
    case.call_and_validate(base_url=url, headers={HEADER: TOKEN}, checks=CHECKS)
