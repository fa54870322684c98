"""The licences of everything that the locks name, as each package states its own."""

import re
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Final

from twotier.dev.markdown import page, table

LOCKS: Final = ("requirements.lock", "build.lock")
ELSEWHERE: Final = "sys_platform == 'win32'"
"""The marker of packages for a system that TwoTier does not run on."""

_LOCKED: Final = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def licences(root: Path) -> str:
    """Return the page on the licences of the packages that the locks of a folder name; they must be installed."""
    rows = [(name, version, licence(name)) for name, version in sorted(set(_locked(root)))]
    return page(
        "Licences of dependencies",
        "Every package that `requirements.lock` and `build.lock` name, with the licence that it states. TwoTier needs "
        "some of them to run, and others only to be built and tested; it contains the source of none. The control "
        "plane of the demo and the tests is built from the Go modules of Kubernetes and etcd, which are under "
        "Apache-2.0, and is not distributed.",
        table(("package", "version", "licence"), rows),
    )


def licence(name: str) -> str:
    """Return the licence of an installed package, in its own words.

    Raises:
        ValueError: it states none.
    """
    stated = metadata(name)
    classifiers = stated.get_all("Classifier") or ()
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    found: list[str] = stated.get_all("License-Expression") or names or stated.get_all("License") or []
    if not found:
        raise ValueError(f"{name} states no licence: find out which it has before you lock it")
    return " OR ".join(found)


def _locked(root: Path) -> Iterator[tuple[str, str]]:
    for lock in LOCKS:
        for name, version, marker in _LOCKED.findall((root / lock).read_text(encoding="utf-8")):
            if marker != ELSEWHERE:
                yield name, version
