"""The resources of the fleet: nothing is done for them, so that what is measured is the runtime alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from twotier.runtime.resource import GROUP, VERSION

COUNT: Final = 10_000
KIND: Final = "Boat"
PLURAL: Final = "boats"
DEFINITION: Final[Mapping[str, Any]] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"{PLURAL}.{GROUP}"},
    "spec": {
        "group": GROUP,
        "names": {"kind": KIND, "listKind": f"{KIND}List", "plural": PLURAL, "singular": KIND.lower()},
        "scope": "Namespaced",
        "versions": [
            {
                "name": VERSION,
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}


@dataclass(frozen=True, slots=True)
class Watched:
    """What a program that watched the whole fleet says of itself.

    Attributes:
        seconds: from its start until it was through with the last resource.
        peak_bytes: the most memory that it held until then.
    """

    seconds: float
    peak_bytes: int
