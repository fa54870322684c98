"""A cluster to work on, of any kind: what the demo and the tests do to it with kubectl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from twotier.dev.controlplane.kubeconfig import write_kubeconfig
from twotier.dev.failure import EnvironmentUnfitError

FIELD_MANAGER: Final = "twotier-demo"
TOKEN_HOURS: Final = 24


class KubectlError(EnvironmentUnfitError):
    """kubectl failed; the message contains its output."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster and the administrator's access to it."""

    kubeconfig: Path
    kubectl: Path

    def run(self, *arguments: str | Path, standard_input: str | None = None) -> str:
        """Run kubectl and return what it prints.

        Raises:
            KubectlError: it exited with a status other than 0.
        """
        answer = subprocess.run(
            [self.kubectl, f"--kubeconfig={self.kubeconfig}", *arguments],
            input=standard_input,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            command = " ".join(["kubectl", *map(str, arguments)])
            raise KubectlError(f"`{command}` failed: {answer.stderr.strip() or answer.stdout.strip()}")
        return answer.stdout

    def get(self, *arguments: str) -> dict[str, Any]:
        """Return what `kubectl get` finds, as the API server's JSON (YAML reads it too)."""
        return dict(yaml.safe_load(self.run("get", *arguments, "--output=json")))

    def apply(self, manifests: str, namespace: str | None = None) -> None:
        """Apply resources, as YAML, by server-side apply; those without a namespace go into the given one."""
        place = () if namespace is None else (f"--namespace={namespace}",)
        options = ("--server-side", f"--field-manager={FIELD_MANAGER}", *place, "--filename=-")
        self.run("apply", *options, standard_input=manifests)

    def render(self, kustomization: Path) -> str:
        """Return the output of a kustomization, as YAML."""
        return self.run("kustomize", kustomization)

    def service_account_kubeconfig(self, namespace: str, name: str, path: Path) -> Path:
        """Write a kubeconfig that acts as a ServiceAccount for a day."""
        token = self.run("create", "token", name, f"--namespace={namespace}", f"--duration={TOKEN_HOURS}h").strip()
        view = self.run("config", "view", "--minify", "--flatten", "--raw", "--output=json")
        return write_kubeconfig(path, yaml.safe_load(view)["clusters"][0]["cluster"], token, namespace)
