"""Name prefixes and hashed ConfigMap names reach the references between resources, by the shipped component."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from twotier.dev.cluster import Cluster, KubectlError

PREFIXED = Path(__file__).parent / "prefixed"
SHOP = Path(__file__).parent / "shop"
WITH_PREFIX_ALONE = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namePrefix: staging-
resources:
  - shop
"""
FLUX = "GitRepository"


@pytest.fixture(scope="module")
def rendered(cluster: Cluster) -> dict[tuple[str, str], dict[str, Any]]:
    """The resources of the overlay, by kind and by the name they had in the base (ConfigMaps without their hash)."""
    resources = list(yaml.safe_load_all(cluster.render(PREFIXED)))
    return {(item["kind"], item["metadata"]["name"].split("-")[1]): item for item in resources}


@pytest.mark.parametrize(
    ("kind", "name", "field", "target"),
    [
        pytest.param("PriceList", "licenses", "distributor", ("Distributor", "aegean"), id="a list's distributor"),
        pytest.param("TenantReseller", "contoso", "distributor", ("Distributor", "aegean"), id="a tenant's one"),
        pytest.param("PriceListAssignment", "contoso", "priceList", ("PriceList", "licenses"), id="the list assigned"),
        pytest.param("PriceListAssignment", "contoso", "tenant", ("TenantReseller", "contoso"), id="to which tenant"),
        pytest.param("BackorderPolicy", "contoso", "tenant", ("TenantReseller", "contoso"), id="a policy's tenant"),
        pytest.param("ResellerUpgrade", "contoso", "tenant", ("TenantReseller", "contoso"), id="an upgrade's tenant"),
    ],
)
def test_a_reference_follows_the_name_it_stands_for(
    rendered: dict[tuple[str, str], dict[str, Any]], kind: str, name: str, *, field: str, target: tuple[str, str]
) -> None:
    assert rendered[kind, name]["spec"][field] == rendered[target]["metadata"]["name"] == f"staging-{target[1]}"


def test_a_generated_config_map_is_found_by_its_hash(rendered: dict[tuple[str, str], dict[str, Any]]) -> None:
    generated = rendered["ConfigMap", "prices"]["metadata"]["name"]
    assert generated.startswith("staging-prices-")
    assert rendered["PriceList", "licenses"]["spec"]["source"] == {"configMaps": [{"name": generated}]}


def test_a_flux_source_is_found_by_its_name(rendered: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert rendered["PriceList", "domains"]["spec"]["source"]["artifact"]["name"] == "staging-domains"


@pytest.mark.usefixtures("installed")
def test_the_api_server_accepts_the_overlay(cluster: Cluster, namespace: str) -> None:
    resources = [item for item in yaml.safe_load_all(cluster.render(PREFIXED)) if item["kind"] != FLUX]
    cluster.apply(yaml.safe_dump_all(resources), namespace)
    found = cluster.get("pla", "staging-contoso", f"--namespace={namespace}")
    assert (found["spec"]["tenant"], found["spec"]["priceList"]) == ("staging-contoso", "staging-licenses")


@pytest.mark.usefixtures("installed")
def test_without_the_component_the_prefix_is_noticed_by_the_api_server(
    cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    (tmp_path / "shop").mkdir()
    for file in SHOP.iterdir():
        (tmp_path / "shop" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "kustomization.yaml").write_text(WITH_PREFIX_ALONE, encoding="utf-8")
    resources = [item for item in yaml.safe_load_all(cluster.render(tmp_path)) if item["kind"] != FLUX]
    with pytest.raises(KubectlError, match="an assignment has the name of its tenant"):
        cluster.apply(yaml.safe_dump_all(resources), namespace)
