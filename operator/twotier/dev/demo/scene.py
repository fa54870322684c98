"""The means of the story: commands that are shown and run, and their results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

from twotier.dev.demo.catalogue import Catalogue, Example, examples, read_catalogue
from twotier.dev.demo.progress import KINDS, Resources, Witness, only
from twotier.dev.demo.stage import Stage
from twotier.dev.output import Output

PLURALS: Final = ",".join(f"{kind.lower()}s" for kind in KINDS)
SHOWN_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Scene:
    """A stage, and a person at a terminal in front of it.

    Attributes:
        examples: folder of kustomizations.
    """

    stage: Stage
    examples: Path
    output: Output
    witness: Witness

    @classmethod
    def on(cls, stage: Stage, examples: Path, output: Output) -> "Scene":
        """Return the scene at the start of the story."""
        return cls(stage, examples, output, Witness(stage, output))

    def apply(self, example: str) -> None:
        """Apply an example as a person would."""
        folder = self.examples / example
        self.output.command(f"kubectl apply --server-side --kustomize {shown(folder)}")
        self.stage.cluster.apply(self.stage.cluster.render(folder), self.stage.namespace)

    def twotier(self, *arguments: str) -> str:
        """Run a `twotier` command and show what it prints.

        Raises:
            EnvironmentUnfitError: it failed.
        """
        self.output.command(f"kubectl twotier {' '.join(arguments)}")
        printed = self.stage.twotier(*arguments)
        self.output.block(printed)
        return printed

    def commit(self, printed: str) -> None:
        """Apply what a `twotier` command printed, as a GitOps controller would once it is committed."""
        self.output.command("kubectl apply --server-side --filename meltemi.yaml    # as Flux or Argo CD would")
        self.stage.cluster.apply(printed, self.stage.namespace)

    def wait_until_ready(self) -> Resources:
        """Wait until all resources are ready and up to date."""
        return self.witness.wait_until_ready()

    def wait_until(self, reached: Callable[[Resources], bool]) -> Resources:
        """Wait until the resources are in the expected state."""
        return self.witness.wait_until(reached)

    def show_resources(self) -> None:
        """Show all resources as kubectl lists them."""
        self.output.command(f"kubectl get {PLURALS}")
        self.output.block(self.stage.cluster.run("get", PLURALS, f"--namespace={self.stage.namespace}"))

    def catalogue(self, resources: Resources) -> Catalogue:
        """Return all offers of the tenant, as it sees them."""
        tenant = only(resources, "TenantReseller")
        return read_catalogue(self.stage.database_url, UUID(tenant["status"]["organizationId"]))

    def show_examples(self, before: Catalogue, after: Catalogue) -> None:
        """Show a few offers that differ between two states of the catalogue."""
        self.output.step("The tenant's catalogue before and after:")
        rows = [_row(example) for example in examples(before, after)]
        self.output.table(("What", "SKU", "Unit", "Name", ">Cost before", ">Cost after"), rows)


def shown(folder: Path) -> Path:
    """Return a path as a person in the current folder would write it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _row(example: Example) -> Sequence[str]:
    name = example.name if len(example.name) <= SHOWN_NAME else f"{example.name[: SHOWN_NAME - 1]}…"
    return (example.what, example.sku, example.unit, name, _money(example.before), _money(example.after))


def _money(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount.normalize():f}"
