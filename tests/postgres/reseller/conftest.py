"""The tenants that tests of the catalogue work with."""

from tests.postgres.catalogue.conftest import (
    basic,
    databases,
    engine,
    operator,
    premium,
    price_list,
    tenants,
    viewer,
)

__all__ = ["basic", "databases", "engine", "operator", "premium", "price_list", "tenants", "viewer"]
