"""Files that name an API server and the credentials for it."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

NAME: Final = "twotier"


def cluster_entry(url: str, certificate: str) -> dict[str, str]:
    """Return the kubeconfig entry of an API server with this certificate (PEM)."""
    encoded = base64.b64encode(certificate.encode("ascii")).decode("ascii")
    return {"server": url, "certificate-authority-data": encoded}


def write_kubeconfig(path: Path, cluster: Mapping[str, object], token: str, namespace: str = "default") -> Path:
    """Write a kubeconfig with one cluster (its entry) and one user (bearer token), readable only by us."""
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
