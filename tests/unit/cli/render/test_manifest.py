"""What is committed instead of being set in the cluster."""

from typing import Any

import yaml
from tests.unit.cli.showing_resources import ASSIGNMENT, Object, body

from twotier.cli.client.tenants import Assignment
from twotier.cli.render.layout import plain
from twotier.cli.render.manifest import manifest_text, to_commit
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus

WIDE = 200
SPEC = {**ASSIGNMENT, "mode": "Full", "revision": 2}
"""As the API server has it: with a default."""
OF_FLUX: Object = {
    "labels": {"team": "sales", "kustomize.toolkit.fluxcd.io/name": "shop"},
    "annotations": {
        "reconcile.fluxcd.io/requestedAt": "now",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
        "note": "mind the gap",
    },
}


def declared(**metadata: Any) -> Assignment:
    whole = body("PriceListAssignment", "meltemi", SPEC, **metadata)
    return Assignment(whole, PriceListAssignmentSpec.model_validate(SPEC), PriceListAssignmentStatus())


def test_git_gets_what_people_wrote_and_nothing_that_flux_added() -> None:
    printed = manifest_text(declared(**OF_FLUX), {"restoreRun": 1, "revision": None}, "Undoes all updates after run 1.")
    assert yaml.safe_load(printed) == {
        "apiVersion": "twotier.dev/v1alpha1",
        "kind": "PriceListAssignment",
        "metadata": {
            "name": "meltemi",
            "labels": {"team": "sales"},
            "annotations": {"kustomize.toolkit.fluxcd.io/prune": "disabled", "note": "mind the gap"},
        },
        "spec": {**ASSIGNMENT, "restoreRun": 1},
    }
    assert [line for line in printed.splitlines() if line.startswith("#")] == [
        "# Undoes all updates after run 1.",
        "# In the file in Git, only this changes:",
        "#   spec:",
        "#     restoreRun: 1",
        "# Remove spec.revision.",
    ]


def test_without_a_controller_the_namespace_is_kept() -> None:
    printed = yaml.safe_load(manifest_text(declared(), {"approvedPlan": "sha256:1"}, "Approves it."))
    assert printed["metadata"] == {"name": "meltemi", "namespace": "shop"}


def test_what_is_set_beside_git_is_to_be_committed_there() -> None:
    told = [plain(each) for each in to_commit(declared(**OF_FLUX), {"restoreRun": 1}, WIDE)]
    assert told == [
        "! Flux applies meltemi from Git and may take this back: commit it there, too.",
        "    spec:",
        "      restoreRun: 1",
    ]
    assert list(to_commit(declared(), {"restoreRun": 1}, WIDE)) == []
