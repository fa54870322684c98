"""What Flux and Argo CD leave on resources that they apply from Git."""

from typing import Any

import pytest

from twotier.cli.client.cluster import MANAGER_PREFIX
from twotier.cli.client.gitops import git_controller


@pytest.mark.parametrize(
    ("metadata", "controller"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"labels": {"app": "shop"}, "annotations": {"team": "sales"}}, None, id="marks of people"),
        pytest.param({"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}, "Flux", id="a Kustomization's label"),
        pytest.param({"labels": {"helm.toolkit.fluxcd.io/name": "shop"}}, "Flux", id="a HelmRelease's label"),
        pytest.param({"annotations": {"argocd.argoproj.io/tracking-id": "x"}}, "Argo CD", id="an Application's mark"),
        pytest.param({"managedFields": [{"manager": "kustomize-controller"}]}, "Flux", id="Flux as a field manager"),
        pytest.param({"managedFields": [{"manager": "argocd-controller"}]}, "Argo CD", id="Argo CD as a field manager"),
        pytest.param({"managedFields": [{"manager": "kubectl"}, {"manager": "twotier"}]}, None, id="other managers"),
    ],
)
def test_a_controller_is_known_by(metadata: dict[str, Any], controller: str | None) -> None:
    assert git_controller({"metadata": {"name": "meltemi", **metadata}}) == controller


def test_fields_that_verbs_set_are_not_those_of_kubectl_which_flux_takes_back() -> None:
    assert not MANAGER_PREFIX.startswith("kubectl")
