"""Who wrote what to the API server, from its audit log: proof that an idle fleet causes no writes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

WRITING_VERBS: Final = ("create", "update", "patch", "delete", "deletecollection")
DRY_RUN: Final = "dryRun=All"
POLICY: Final[dict[str, Any]] = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata", "verbs": list(WRITING_VERBS)}, {"level": "None"}],
}


@dataclass(frozen=True, slots=True)
class Write:
    """One write request that was answered."""

    user: str
    verb: str
    resource: str
    """Plural, with the subresource: "pricelists/status"."""
    namespace: str
    name: str
    status: int
    """The HTTP status of the answer."""


def writes(audit_log: Path, user: str) -> list[Write]:
    """Return the write requests of one user so far, in order; a dry run is none.

    Args:
        audit_log: of the running control plane.
        user: such as system:serviceaccount:twotier-system:twotier-operator.
    """
    return [write for write in _all_writes(audit_log) if write.user == user]


def _all_writes(audit_log: Path) -> Iterator[Write]:
    with audit_log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if DRY_RUN not in event["requestURI"]:
                yield _parse(event)


def _parse(event: dict[str, Any]) -> Write:
    target = event.get("objectRef", {})
    resource = "/".join(filter(None, (target.get("resource", ""), target.get("subresource", ""))))
    return Write(
        user=event["user"]["username"],
        verb=event["verb"],
        resource=resource,
        namespace=target.get("namespace", ""),
        name=target.get("name", ""),
        status=event.get("responseStatus", {}).get("code", 0),
    )
