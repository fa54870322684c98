"""The story that the demo tells: a reseller gets a tenant, and then the distributor's prices change."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from twotier.bss.database import SCHEMA, URL_VARIABLE
from twotier.dev.demo.catalogue import Catalogue, Example, examples, read_catalogue
from twotier.dev.demo.progress import KINDS, NotReadyError, Witness
from twotier.dev.demo.stage import Stage
from twotier.dev.output import Output
from twotier.dev.processes import tail

QUICKSTART: Final = "quickstart"
NEXT: Final = "quickstart-next"
PLURALS: Final = ",".join(f"{kind.lower()}s" for kind in KINDS)
SHOWN_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Story:
    """Two kustomizations in one folder of examples: the first state, and what changes it."""

    examples: Path

    @property
    def beginning(self) -> Path:
        """A distributor, his price list, a reseller and the assignment of the list."""
        return self.examples / QUICKSTART

    @property
    def sequel(self) -> Path:
        """The same with the next version of the price list."""
        return self.examples / NEXT


def tell(stage: Stage, story: Story, output: Output) -> None:
    """Tell the story.

    Raises:
        EnvironmentUnfitError: kubectl fails, or a resource does not become ready.
    """
    witness = Witness(stage, output)
    output.heading("A distributor, a real price list, a reseller with a tenant of his own")
    _apply(stage, story.beginning, output)
    resources = witness.wait_until_ready()
    _show_resources(stage, output)
    tenant = _only(resources, "TenantReseller")
    before = _read(stage, tenant)
    output.step(f"The catalogue of {tenant['metadata']['name']} has {len(before):,} offers; not one of them is a copy.")

    output.heading("The next version of the price list")
    _apply(stage, story.sequel, output)
    resources = witness.wait_until_ready()
    _show_difference(resources, output)
    _show_examples(before, _read(stage, tenant), output)


def suggest(stage: Stage, story: Story, output: Output) -> None:
    """Say what to try by hand."""
    output.heading("What to try next, in another terminal")
    if stage.cluster_is_ours:
        output.command(f"export KUBECONFIG={stage.cluster.kubeconfig}")
        if shutil.which("kubectl") is None:
            output.command(f"export PATH=$PATH:{stage.cluster.kubectl.parent}")
    place = f"--namespace {stage.namespace}"
    output.command(f"kubectl get {PLURALS} --output wide {place}")
    output.command(f"kubectl describe pricelistassignments {place}")
    output.command(f"kubectl get events {place}")
    output.command(
        f"kubectl apply --server-side --kustomize {_shown(story.beginning)} {place}    # the old prices again"
    )
    output.command(f"PGOPTIONS=--search_path={SCHEMA} psql {_database(stage)}")


def stay(stage: Stage, output: Output) -> None:
    """Stay up until Ctrl-C.

    Raises:
        NotReadyError: the operator ended by itself.
    """
    output.step("\nEverything is running until you press Ctrl-C.")
    while stage.operator.running:
        time.sleep(1)
    raise NotReadyError(f"the operator ended; the end of its log:\n{tail(stage.operator.log)}")


def _apply(stage: Stage, folder: Path, output: Output) -> None:
    output.command(f"kubectl apply --server-side --kustomize {_shown(folder)}")
    stage.cluster.apply(stage.cluster.render(folder), stage.namespace)


def _show_resources(stage: Stage, output: Output) -> None:
    output.command(f"kubectl get {PLURALS}")
    output.block(stage.cluster.run("get", PLURALS, f"--namespace={stage.namespace}"))


def _show_difference(resources: Sequence[Mapping[str, Any]], output: Output) -> None:
    run = _only(resources, "PriceListAssignment")["status"]["lastRun"]
    found = run["differences"]
    returned = f"{found['returned']} returned, " if found["returned"] else ""
    output.success(
        f"Run {run['number']} brought revision {run['revision']}: {found['added']} offers added, {returned}"
        f"{found['discontinued']} discontinued, {found['cost']} with another cost"
    )


def _show_examples(before: Catalogue, after: Catalogue, output: Output) -> None:
    rows = [_row(example) for example in examples(before, after)]
    output.step("The tenant's catalogue before and after:")
    output.table(("What", "SKU", "Unit", "Name", ">Cost before", ">Cost after"), rows)


def _row(example: Example) -> Sequence[str]:
    name = example.name if len(example.name) <= SHOWN_NAME else f"{example.name[: SHOWN_NAME - 1]}…"
    return (example.what, example.sku, example.unit, name, _money(example.before), _money(example.after))


def _money(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount.normalize():f}"


def _database(stage: Stage) -> str:
    """How a shell names the database: a URL of the user's own may hold a password, which no screen is to show."""
    return f"'{stage.database_url}'" if stage.database_is_ours else f'"${URL_VARIABLE}"'


def _read(stage: Stage, tenant: Mapping[str, Any]) -> Catalogue:
    return read_catalogue(stage.database_url, UUID(tenant["status"]["organizationId"]))


def _only(resources: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    (found,) = (item for item in resources if item["kind"] == kind)
    return found


def _shown(folder: Path) -> Path:
    """As a person in the current folder would write it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
