"""Whether a resource is kept in Git, by the marks that Flux and Argo CD leave on what they apply. Pure."""

from typing import Final

from twotier.cli.client.connection import Json

MARKS: Final = {
    "kustomize.toolkit.fluxcd.io/": "Flux",
    "helm.toolkit.fluxcd.io/": "Flux",
    "argocd.argoproj.io/": "Argo CD",
}
"""Prefixes of labels and annotations."""
MANAGERS: Final = {"kustomize-controller": "Flux", "helm-controller": "Flux", "argocd-controller": "Argo CD"}
ADDED: Final = frozenset(
    {
        "kustomize.toolkit.fluxcd.io/name",
        "kustomize.toolkit.fluxcd.io/namespace",
        "helm.toolkit.fluxcd.io/name",
        "helm.toolkit.fluxcd.io/namespace",
        "argocd.argoproj.io/tracking-id",
        "argocd.argoproj.io/installation-id",
    }
)
"""Marks that a controller sets itself. People declare others, such as `kustomize.toolkit.fluxcd.io/prune`."""
REQUESTS: Final = ("reconcile.fluxcd.io/", "kubectl.kubernetes.io/")
"""Prefixes of annotations that others leave, and that nobody keeps in Git."""


def git_controller(resource: Json) -> str | None:
    """Return which controller applies a resource from Git; None if there is no sign of one."""
    metadata = resource["metadata"]
    marks = (*metadata.get("labels", ()), *metadata.get("annotations", ()))
    marked = [controller for prefix, controller in MARKS.items() if any(each.startswith(prefix) for each in marks)]
    managers = {each.get("manager") for each in metadata.get("managedFields", ())}
    managing = [controller for manager, controller in MANAGERS.items() if manager in managers]
    return next(iter((*marked, *managing)), None)


def declared_marks(marks: dict[str, str]) -> dict[str, str]:
    """Return the labels or annotations that a person declared, and not a controller or kubectl added."""
    return {name: value for name, value in marks.items() if name not in ADDED and not name.startswith(REQUESTS)}
