"""A definition of ours that is deleted while the operator runs."""

from collections.abc import Callable, Iterator

import pytest
from tests.shop import eventually

from twotier.dev.cluster import Cluster
from twotier.dev.installation import install
from twotier.dev.operator import Operator


@pytest.fixture
def installed_again(cluster: Cluster) -> Iterator[None]:
    yield
    install(cluster)


@pytest.mark.usefixtures("installed", "installed_again")
def test_an_operator_that_cannot_watch_everything_ends(cluster: Cluster, make_operator: Callable[[], Operator]) -> None:
    operator = make_operator()
    operator.start()
    cluster.run("delete", "crd/resellerupgrades.twotier.dev", "--timeout=60s")
    eventually(lambda: not operator.running, lambda: "the operator runs on")
    assert operator.wait() == 1
    assert "Watcher for resellerupgrades" in operator.log.read_text(encoding="utf-8")
