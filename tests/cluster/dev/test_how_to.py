"""What the page on bringing one's own says of a price list is what happens."""

import base64
import gzip
import json
import re
import shlex
from pathlib import Path

import pytest

from twotier.dev.cluster import Cluster
from twotier.dev.installation import checkout

PAGE = (checkout() / "docs" / "how-to" / "bring-your-own.md").read_text(encoding="utf-8")
DISTRIBUTOR = (checkout() / "examples" / "quickstart" / "distributor.yaml").read_text(encoding="utf-8")
FILE = "prices.csv.gz"
HEADER = "ProductId,SkuId,Term,Billing,Title,UnitPrice,ERP Price,Currency"
GOOD = ("CFQ7,0001,P1M,Monthly,Mail,61.20,70,EUR", "CFQ7,0005,P1M,,Disk,5.5,6,EUR", "CFQ7,0006,P1M,,Office,9,10,EUR")
BAD = ('CFQ7,0001,P1M,Monthly,Mail,"61,20",70,EUR', "CFQ7,5,P1M,,Disk,5.5,6,EUR", "CFQ7,0006,P1M,,Office,9,10,USD")


def block(language: str, containing: str) -> str:
    """The one block of the page in a language that contains a text."""
    (found,) = (text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if containing in text)
    return str(found)


def packed(rows: tuple[str, ...]) -> bytes:
    return gzip.compress("\n".join((HEADER, *rows, "")).encode())


@pytest.mark.usefixtures("operator")
def test_the_list_is_imported_and_a_bad_file_is_refused_as_shown(
    cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(packed(GOOD))
    place = f"--namespace={namespace}"

    cluster.apply(DISTRIBUTOR, namespace)
    for command in re.findall(r"^\$ kubectl (.*)$", block("console", "create configmap"), re.MULTILINE):
        cluster.run(*shlex.split(command.replace(FILE, f"{tmp_path / FILE}")), place)
    cluster.apply(block("yaml", "kind: PriceList"), namespace)
    cluster.run("wait", "--for=condition=Ready", "pricelist/cloud", place, "--timeout=60s")

    changed = {"binaryData": {FILE: base64.b64encode(packed(BAD)).decode()}}
    cluster.run("patch", "configmap", "cloud-prices", place, f"--patch={json.dumps(changed)}")
    cluster.run("wait", "--for=condition=Stalled", "pricelist/cloud", place, "--timeout=60s")
    conditions = cluster.get("pricelist", "cloud", place)["status"]["conditions"]
    (message,) = {condition["message"] for condition in conditions}
    assert message.endswith(block("text", "is not a number").rstrip())
