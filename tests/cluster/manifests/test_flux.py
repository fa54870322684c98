"""The overlay for clusters with Flux: the operator gets at artifacts, and nobody else does."""

from pathlib import Path

import yaml

from twotier.dev.cluster import Cluster
from twotier.dev.installation import NAMESPACE

OVERLAY = Path(__file__).parents[3] / "manifests" / "flux"
FLUX = "flux-system"
OPERATOR = ("Deployment", "twotier-operator")


def test_the_way_into_flux_is_the_operator_s_alone(cluster: Cluster) -> None:
    shipped = [item for item in yaml.safe_load_all(cluster.render(OVERLAY)) if item]
    (policy,) = (item for item in shipped if item["kind"] == "NetworkPolicy")
    (operator,) = (item for item in shipped if (item["kind"], item["metadata"]["name"]) == OPERATOR)

    (rule,) = policy["spec"]["ingress"]
    (peer,) = rule["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": NAMESPACE}
    assert peer["podSelector"]["matchLabels"].items() <= operator["spec"]["template"]["metadata"]["labels"].items()

    cluster.run("create", "namespace", FLUX)
    cluster.apply(yaml.safe_dump(policy))
    cluster.run("delete", "namespace", FLUX, "--wait=false")
