"""Resource types as the API server names them, and where it keeps them."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class ApiResource:
    """A resource type."""

    group: str
    version: str
    plural: str
    kind: str

    @property
    def api_version(self) -> str:
        """As in a manifest."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str | None, name: str | None = None, subresource: str | None = None) -> str:
        """Return the URL path of one object, or of all objects of a namespace or (None) of the cluster."""
        parts = ["apis", self.group, self.version] if self.group else ["api", self.version]
        parts += ["namespaces", namespace] if namespace is not None else []
        parts += [self.plural, *(part for part in (name, subresource) if part is not None)]
        return "/" + "/".join(quote(part, safe="") for part in parts)


CONFIG_MAPS: Final = ApiResource("", "v1", "configmaps", "ConfigMap")
SECRETS: Final = ApiResource("", "v1", "secrets", "Secret")
EVENTS: Final = ApiResource("", "v1", "events", "Event")
LEASES: Final = ApiResource("coordination.k8s.io", "v1", "leases", "Lease")
