"""Operators that tests kill, on a database and a namespace of the test's own."""

import pytest
from kubernetes import client
from tests.shop import Shop

from twotier.dev.cluster import Cluster


@pytest.fixture
def shop(cluster: Cluster, kubernetes: client.ApiClient, namespace: str, database_url: str) -> Shop:
    return Shop(cluster, kubernetes, namespace, database_url)
