"""Writes the files that are generated from the code: `python -m twotier.dev.generate [--check]`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from twotier.dev import commands, reference
from twotier.dev.licences import licences
from twotier.kinds.registry import DEFINITIONS
from twotier.kinds.schema.manifest import manifest
from twotier.web.app import described_app

ROOT: Final = Path(__file__).parents[3]
OPENAPI: Final = Path("docs/reference/openapi.json")
HEADER: Final = "# generated; run `make crds`\n"
PAGE_HEADER: Final = "<!-- generated; run `make crds` -->\n\n"


def generated() -> dict[Path, str]:
    """Return the content of every generated file, by its path below the project's folder."""
    return {
        **_definitions(),
        **_pages(),
        OPENAPI: json.dumps(described_app().openapi(), indent=2, ensure_ascii=False) + "\n",
    }


def stale(root: Path) -> list[Path]:
    """Return the generated files that are missing or differ, and those that are no longer generated."""
    wanted = generated()
    differing = [path for path, content in wanted.items() if _read(root / path) != content]
    folders = {path.parent for path in wanted}
    found = [path.relative_to(root) for folder in folders for path in (root / folder).glob("*")]
    return sorted({*differing, *(path for path in found if path not in wanted)})


def write(root: Path) -> None:
    """Bring the generated files up to date."""
    wanted = generated()
    for path in stale(root):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if path in wanted:
            (root / path).write_text(wanted[path], encoding="utf-8")
        else:
            (root / path).unlink()


def main() -> int:
    """Write the files; with --check, only list those that are stale, and exit with 1 if there are any."""
    if "--check" not in sys.argv[1:]:
        write(ROOT)
        return 0
    found = stale(ROOT)
    for path in found:
        print(f"{path} is not up to date with the code: run `make crds`", file=sys.stderr)
    return int(bool(found))


def _definitions() -> dict[Path, str]:
    manifests = {f"{definition.plural}.yaml": manifest(definition) for definition in DEFINITIONS}
    index = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(manifests),
    }
    files = {**manifests, "kustomization.yaml": index}
    return {Path("crds") / name: HEADER + _yaml(content) for name, content in files.items()}


def _pages() -> dict[Path, str]:
    pages = {
        "cli": commands.commands(),
        "resources": reference.resources(),
        "conditions-and-reasons": reference.conditions_and_reasons(),
        "licences": licences(ROOT),
        "metrics": reference.metrics(),
        "ownership": reference.ownership(),
        "settings": reference.settings(),
    }
    return {Path("docs/reference") / f"{name}.md": PAGE_HEADER + page for name, page in pages.items()}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    sys.exit(main())
