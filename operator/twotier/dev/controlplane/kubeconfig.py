"""Files that tell a client which API server to talk to, and as whom."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

NAME: Final = "twotier"


def cluster_entry(url: str, certificate: str) -> dict[str, str]:
    """Return how a kubeconfig names an API server with this certificate (PEM)."""
    encoded = base64.b64encode(certificate.encode("ascii")).decode("ascii")
    return {"server": url, "certificate-authority-data": encoded}


def write_kubeconfig(path: Path, cluster: Mapping[str, object], token: str, namespace: str = "default") -> Path:
    """Write a kubeconfig with one cluster (its entry) and one user (bearer token), readable by us alone."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "clusters": [{"name": NAME, "cluster": dict(cluster)}],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME, "namespace": namespace}}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path
