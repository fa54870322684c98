"""An operator beside a database of another version, as processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from tests.postgres.made_up import with_a_table
from tests.postgres.older import older_database
from tests.shop import distributor, eventually

from twotier.bss import administration
from twotier.dev.cluster import Cluster
from twotier.dev.installation import operator_kubeconfig
from twotier.dev.operator import WAITING, Operator
from twotier.dev.processes import ComponentFailedError


@pytest.fixture
def older_url(
    postgres_url: str,
    template_database: str,  # noqa: ARG001 -- with it the roles are there
    database_names: Iterator[str],
) -> Iterator[str]:
    """A database of the version before."""
    with older_database(postgres_url, next(database_names), "0002") as url:
        yield url


@pytest.fixture
def waiting(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    older_url: str,
    tmp_path: Path,
) -> Operator:
    """An operator that was started before the migration."""
    operator = Operator(operator_kubeconfig(cluster, tmp_path / "kubeconfig"), older_url, tmp_path / "log")
    operator.start(until=WAITING)
    reason = "the database has schema version 0002"
    eventually(lambda: reason in operator.log.read_text(encoding="utf-8"), lambda: "it does not say for what it waits")
    return operator


def test_it_waits_for_the_migration_and_goes_on_after_it(waiting: Operator, older_url: str) -> None:
    administration.migrate(older_url)
    waiting.wait_until_leading()
    assert waiting.stop() == 0


def test_it_ends_well_when_it_is_told_to_while_it_waits(waiting: Operator) -> None:
    assert waiting.stop() == 0


def test_it_does_not_start_beside_a_newer_schema(
    make_operator: Callable[[], Operator], database_url: str, tmp_path: Path
) -> None:
    administration.migrate(database_url, with_a_table(tmp_path))
    with pytest.raises(ComponentFailedError, match=r"(?s)ended with status 1 while.*a newer TwoTier has migrated it"):
        make_operator().start()


def test_one_that_leads_ends_when_a_newer_program_migrates_the_database(
    operator: Operator, cluster: Cluster, namespace: str, database_url: str, tmp_path: Path
) -> None:
    administration.migrate(database_url, with_a_table(tmp_path))
    cluster.apply(yaml.safe_dump(distributor()), namespace)
    assert operator.wait() == 1
    assert "this operator leads under epoch 1, but the current one is 2" in operator.log.read_text(encoding="utf-8")
    with pytest.raises(ComponentFailedError, match=r"(?s)a newer TwoTier has migrated it"):
        operator.start()
