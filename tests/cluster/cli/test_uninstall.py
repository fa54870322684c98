"""Resources can be deleted without an operator, once nobody sets the finalizers again."""

from kubernetes import client
from tests.cluster.cli.conftest import verb_at
from tests.shop import Shop, assignment, distributor, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.operator import Operator
from twotier.runtime.resource import FINALIZER

DECLARED = (distributor(), price_list(), tenant(), assignment())


def test_uninstall_lets_resources_go_once_no_operator_runs(
    operator: Operator, cluster: Cluster, kubernetes: client.ApiClient, namespace: str, database_url: str
) -> None:
    shop = Shop(cluster, kubernetes, namespace, database_url)
    twotier = verb_at(f"--kubeconfig={cluster.kubeconfig}", f"--namespace={namespace}")
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    running = twotier("uninstall", "--yes")
    assert (running.status, "is still running and would set the finalizers again" in running.error) == (1, True)

    assert operator.stop() == 0
    gone = twotier("uninstall", "--yes")
    assert (gone.status, f"{shop.namespace}/contoso" in gone.output) == (0, True)
    assert FINALIZER not in shop.get("TenantReseller", "contoso")["metadata"].get("finalizers", [])
    shop.delete("TenantReseller", "contoso")
    assert shop.rows("select phase from tenant") == [("Active",)]
    assert "No resource has TwoTier's finalizer." in twotier("uninstall").output
