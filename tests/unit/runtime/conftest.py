"""Resources as the API server would show them."""

from collections.abc import Callable
from typing import Any

import pytest

Body = dict[str, Any]


@pytest.fixture
def body() -> Callable[..., Body]:
    """Make an object of kind Toy; keyword arguments replace parts of its metadata."""

    def make(
        name: str = "a", spec: Body | None = None, status: Body | None = None, *, version: int = 1, **metadata: object
    ) -> Body:
        return {
            "metadata": {
                "namespace": "north",
                "name": name,
                "uid": f"uid-{name}",
                "generation": 1,
                "resourceVersion": str(version),
                "creationTimestamp": "2026-11-01T08:00:00Z",
                **metadata,
            },
            "spec": spec or {},
            "status": status or {},
        }

    return make
