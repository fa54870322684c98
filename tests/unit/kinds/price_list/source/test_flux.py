"""When a source of Flux has something new for a price list."""

from typing import Any

import pytest

from twotier.kinds.price_list.source.flux import ARTIFACTS
from twotier.runtime.caches import Caches
from twotier.runtime.resource import Key

GIT_REPOSITORY = next(each for each in ARTIFACTS if each.resource.kind == "GitRepository")
ARTIFACT = {"url": "http://flux/a.tar.gz", "digest": "sha256:1", "revision": "main@sha1:1", "lastUpdateTime": "noon"}


def git_repository(artifact: dict[str, str], ready: str = "True", **fields: object) -> dict[str, Any]:
    condition = {"type": "Ready", "status": ready, "message": str(fields), "lastTransitionTime": "noon"}
    status = {"observedGeneration": 1, "artifact": artifact, "conditions": [condition]}
    return {"metadata": {"namespace": "north", "name": "list"}, "spec": {}, "status": status} | fields


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        pytest.param(git_repository(ARTIFACT), False, id="the same again"),
        pytest.param(
            git_repository(ARTIFACT | {"lastUpdateTime": "one"}), False, id="the same artifact, looked at again"
        ),
        pytest.param(git_repository(ARTIFACT, spec={"interval": "5m"}), False, id="another interval"),
        pytest.param(git_repository(ARTIFACT | {"digest": "sha256:2"}), True, id="another artifact"),
        pytest.param(git_repository(ARTIFACT, ready="False"), True, id="a source that is not ready any more"),
        pytest.param(git_repository({}), True, id="no artifact any more"),
        pytest.param({"metadata": {"namespace": "north", "name": "list"}}, True, id="no status at all"),
    ],
)
def test_a_source_of_flux_is_new_when_its_artifact_is(later: dict[str, Any], *, changed: bool) -> None:
    caches = Caches()
    caches.remember_foreign(GIT_REPOSITORY, git_repository(ARTIFACT))
    assert caches.remember_foreign(GIT_REPOSITORY, later) == (Key("GitRepository", "north", "list"), changed)
