"""Files that a user names: declarations in YAML, and the price list files behind them."""

import gzip
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from twotier.cli.client.cluster import spec_of
from twotier.cli.client.connection import Json
from twotier.cli.failure import CommandError
from twotier.kinds.price_list.declaration import ArtifactSource, PriceListSpec
from twotier.runtime.outcome import Unfinished
from twotier.runtime.resource import describe
from twotier.web.api.models import SourceFile

STANDARD_INPUT: Final = Path("-")
GZIP: Final = b"\x1f\x8b"
LARGE: Final = 1 << 16
SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
KUSTOMIZATIONS: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})


def documents(paths: Sequence[Path]) -> Iterator[Json]:
    """Yield the resources in files and in folders; "-" is standard input, as in `kustomize build | twotier diff -f -`.

    Raises:
        CommandError: a file cannot be read, or is not YAML; or a folder is a kustomization, whose files are patches.
    """
    for path in paths:
        for file in _files(path):
            yield from _parsed(file)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the files of price lists are.

    Attributes:
        config_map: finds a ConfigMap by its name; None if there is none.
        root: the folder that stands in for a Flux artifact: the checkout.
    """

    config_map: Callable[[str], Json | None]
    root: Path | None

    def read(self, price_list: Json) -> list[SourceFile]:
        """Return the files of a PriceList.

        Raises:
            CommandError: one is missing, or its spec cannot be read; the message names the list.
        """
        called = f"PriceList {price_list['metadata']['name']}"
        try:
            source = PriceListSpec.model_validate(spec_of(price_list)).source
            if source.artifact is not None:
                return self._of_artifact(called, source.artifact)
            return list(self._of_cluster(price_list))
        except ValidationError as error:
            raise CommandError(f"{called}: {describe(error)}") from error
        except Unfinished as error:
            raise CommandError(f"{called}: {error.message}") from error

    def _of_cluster(self, price_list: Json) -> Iterator[SourceFile]:
        from twotier.kinds.price_list.source.config_maps import part_of  # noqa: PLC0415 -- slow to import

        source = PriceListSpec.model_validate(spec_of(price_list)).source
        if source.inline is not None:
            yield _file("spec.source.inline", source.inline.encode())
        wanted = source.config_maps or ()
        for each in wanted:
            part = part_of(each, self.config_map(each.name), alone=len(wanted) == 1)
            yield _file(part.name, part.content)

    def _of_artifact(self, called: str, artifact: ArtifactSource) -> list[SourceFile]:
        if self.root is None:
            raise CommandError(
                f"{called} takes {artifact.path} from {artifact.kind} {artifact.name}: name the folder that stands in "
                "for it, such as the checkout, with --root"
            )
        found = sorted(path for path in self.root.glob(artifact.path.lstrip("/")) if path.is_file())
        if not found:
            raise CommandError(f"{called}: there is no file {artifact.path} below {self.root}")
        return [_file(str(path.relative_to(self.root)), path.read_bytes()) for path in found]


def mapping_of(path: Path) -> Json:
    """Return the content of a YAML file.

    Raises:
        CommandError: it cannot be read, or is not a mapping.
    """
    found = list(_parsed(path))
    if len(found) != 1:
        raise CommandError(f"{path} has {len(found)} documents where one is expected")
    return found[0]


def _file(name: str, content: bytes) -> SourceFile:
    """A file to send; a large one is compressed, since it travels as text."""
    if len(content) > LARGE and not content.startswith(GZIP):
        content = gzip.compress(content, mtime=0)
    return SourceFile.model_construct(name=name, content=content)


def _files(path: Path) -> Sequence[Path]:
    if path == STANDARD_INPUT or not path.is_dir():
        return [path]
    files = sorted(path.rglob("*"))
    kustomized = next((file.parent for file in files if file.name in KUSTOMIZATIONS), None)
    if kustomized is not None:
        raise CommandError(
            f"{kustomized} is a kustomization, whose files are not applied as they are: kubectl kustomize {kustomized} "
            "| kubectl twotier diff -f -"
        )
    found = [file for file in files if file.suffix in SUFFIXES]
    if not found:
        raise CommandError(f"{path} contains no YAML or JSON files")
    return found


def _parsed(path: Path) -> Iterator[Json]:
    try:
        text = sys.stdin.read() if path == STANDARD_INPUT else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    try:
        parsed = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise CommandError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    for each in parsed:
        if isinstance(each, dict):
            yield from each["items"] if each.get("kind") == "List" else [each]
        elif each is not None:
            raise CommandError(
                f"{path} is not a declaration: it contains {type(each).__name__} where a mapping is expected"
            )
