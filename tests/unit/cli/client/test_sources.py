"""Declarations and the files of price lists are read from where a person says."""

import gzip
from pathlib import Path

import pytest
import yaml
from tests.shop import Object, config_map, csv, price_list, tenant

from twotier.cli.client.sources import Sources, documents
from twotier.cli.failure import CommandError

FILE = csv("MAIL,month,4.20,Mail,6.00")
ARTIFACT = {"artifact": {"kind": "GitRepository", "name": "prices", "path": "prices/*.csv"}}


def nowhere(name: str) -> Object | None:
    raise AssertionError(f"nobody asked for ConfigMap {name}")


def test_folders_lists_and_several_documents_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump_all([tenant("a"), None, tenant("b")]), encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.json").write_text(
        yaml.safe_dump({"kind": "List", "items": [tenant("c")]}), encoding="utf-8"
    )
    (tmp_path / "README.md").write_text("# no declaration", encoding="utf-8")
    assert [each["metadata"]["name"] for each in documents([tmp_path])] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param("a: [", "is not valid YAML", id="not YAML"),
        pytest.param("just words", "it contains str where a mapping is expected", id="not a declaration"),
    ],
)
def test_what_is_no_declaration_is_told_with_its_file(tmp_path: Path, content: str, error: str) -> None:
    (tmp_path / "a.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=error) as refused:
        list(documents([tmp_path / "a.yaml"]))
    assert str(tmp_path / "a.yaml") in str(refused.value)


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
@pytest.mark.parametrize("place", ["", "overlays/athens"], ids=["itself", "a folder in it"])
def test_a_kustomization_is_not_read_for_what_it_makes(tmp_path: Path, name: str, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "patch.yaml").write_text(yaml.safe_dump(tenant("a")), encoding="utf-8")
    (folder / name).write_text("patches: [{path: patch.yaml}]", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        list(documents([tmp_path]))
    assert str(refused.value).endswith(f": kubectl kustomize {folder} | kubectl twotier diff -f -")


def test_a_file_inline_and_a_file_in_a_config_map() -> None:
    (inline,) = Sources(nowhere, None).read(price_list("retail", source={"inline": FILE}))
    assert inline.content == FILE.encode()
    held = {"prices": config_map("prices", data={"retail.csv": FILE})}
    declared = price_list("retail", source={"configMaps": [{"name": "prices"}]})
    (found,) = Sources(held.get, None).read(declared)
    assert (found.name, found.content) == ("ConfigMap prices", FILE.encode())
    with pytest.raises(CommandError, match="PriceList retail: ConfigMap prices does not exist"):
        Sources(lambda _: None, None).read(declared)


def test_the_checkout_stands_for_an_artifact(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"name the folder that stands in for it, such as the checkout, with --root"):
        Sources(nowhere, None).read(price_list("retail", source=ARTIFACT))
    with pytest.raises(CommandError, match=r"there is no file prices/\*\.csv below"):
        Sources(nowhere, tmp_path).read(price_list("retail", source=ARTIFACT))
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "a.csv").write_text(FILE, encoding="utf-8")
    (found,) = Sources(nowhere, tmp_path).read(price_list("retail", source=ARTIFACT))
    assert (found.name, found.content) == ("prices/a.csv", FILE.encode())


def test_a_large_file_travels_compressed() -> None:
    large = FILE + "DISK,month,1,Disk,\n" * 5_000
    (found,) = Sources(nowhere, None).read(price_list("retail", source={"inline": large}))
    assert len(found.content) < 5_000
    assert gzip.decompress(found.content) == large.encode()
