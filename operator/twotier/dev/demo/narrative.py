"""The story of the demo: a reseller gets a tenant, and then prices change, for better and for worse."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from twotier.bss.database import SCHEMA
from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.cluster import FIELD_MANAGER
from twotier.dev.demo.catalogue import Catalogue
from twotier.dev.demo.progress import NotReadyError, Resources, only
from twotier.dev.demo.scene import PLURALS, Scene, shown
from twotier.dev.demo.stage import Stage
from twotier.dev.output import Output
from twotier.dev.processes import tail

BEGINNING: Final = "quickstart"
SEQUEL: Final = "approve-in-git"
BEFORE_THE_ACCIDENT: Final = "vanished-offers/before"
ACCIDENT: Final = "vanished-offers/accident"
RECOVERY: Final = "vanished-offers/recovered"
CUT_OFF: Final = "held-list"
TENANT: Final = "meltemi"
APPROVED_RUN: Final = 2


def tell(scene: Scene) -> None:
    """Tell the story.

    Raises:
        EnvironmentUnfitError: a command fails, or a resource does not become what the story needs.
    """
    begun = _begin(scene)
    _approve(scene, begun)
    _lose_offers(scene)
    _cut_off(scene)
    _undo(scene)


def suggest(stage: Stage, examples: Path, output: Output) -> None:
    """Suggest what to try by hand."""
    output.heading("What to try next, in another terminal")
    for name, value in stage.environment.items():
        output.command(f"export {name}={value}")
    place = f"--namespace {stage.namespace}"
    output.command(f"kubectl twotier status {place}")
    output.command(f"kubectl twotier log {TENANT} {place}")
    output.command(f"kubectl twotier explain ownership {place}")
    output.command(f"kubectl get {PLURALS} --output wide {place}")
    output.command(f"kubectl get events {place}")
    output.command(
        f"kubectl apply --server-side --field-manager {FIELD_MANAGER} --force-conflicts --kustomize "
        f"{shown(examples / BEGINNING)} {place}    # start over"
    )
    output.command(f"PGOPTIONS=--search_path={SCHEMA} psql {_database(stage)}")


def stay(stage: Stage, output: Output) -> None:
    """Stay up until Ctrl-C.

    Raises:
        NotReadyError: the operator ended on its own.
    """
    output.step("\nEverything is running until you press Ctrl-C.")
    while stage.operator.running:
        time.sleep(1)
    raise NotReadyError(f"the operator ended; the end of its log:\n{tail(stage.operator.log)}")


def _begin(scene: Scene) -> Catalogue:
    scene.output.heading("A distributor, a real price list, a reseller with its own tenant")
    scene.apply(BEGINNING)
    resources = scene.wait_until_ready()
    scene.show_resources()
    catalogue = scene.catalogue(resources)
    scene.output.step(f"The catalogue of {TENANT} has {len(catalogue):,} offers, and none of them is a copy.")
    return catalogue


def _approve(scene: Scene, before: Catalogue) -> None:
    scene.output.heading("The next version of the price list: shown as a plan, approved in Git")
    scene.apply(SEQUEL)
    scene.wait_until(_awaits_approval)
    scene.twotier("plan", TENANT)
    scene.output.step("The approval is a one-line change in YAML, made for a pull request:")
    scene.commit(scene.twotier("approve", TENANT, "--print"))
    resources = scene.wait_until_ready()
    _show_run(scene, resources)
    scene.show_examples(before, scene.catalogue(resources))
    scene.twotier("log", TENANT)


def _lose_offers(scene: Scene) -> None:
    scene.output.heading("Offers that vanish because of an accident in their source")
    scene.apply(BEFORE_THE_ACCIDENT)
    sold = len(scene.catalogue(scene.wait_until_ready()))
    scene.output.step(f"A month later the tenant sells {sold:,} offers. In the afternoon some are missing:")
    scene.apply(ACCIDENT)
    resources = scene.wait_until(lambda found: _suspects(found) > 0)
    scene.output.success(
        f"{_suspects(resources)} offers are suspect, and {TENANT} still sells {len(scene.catalogue(resources)):,}: "
        "they are discontinued only if they stay missing for a day (guards.discontinueAfter)"
    )
    scene.apply(RECOVERY)
    scene.wait_until(lambda found: _suspects(found) == 0)
    scene.output.success("Six hours later they are back. Nothing was discontinued, and no tenant noticed")


def _cut_off(scene: Scene) -> None:
    scene.output.heading("A price list that was truncated in transit")
    scene.apply(CUT_OFF)
    resources = scene.wait_until(lambda found: "held" in _price_list(found))
    (accepted,) = (each for each in _price_list(resources)["conditions"] if each["type"] == "Accepted")
    scene.output.success(str(accepted["message"]))
    scene.output.step(f"The tenant still sells {len(scene.catalogue(resources)):,} offers.")


def _undo(scene: Scene) -> None:
    scene.output.heading("Undoing an update")
    scene.commit(scene.twotier("undo", TENANT, "--to", str(APPROVED_RUN), "--print"))
    resources = scene.wait_until(lambda found: only(found, "PriceListAssignment")["status"].get("run") == APPROVED_RUN)
    scene.output.success(f"{TENANT} sells the {len(scene.catalogue(resources)):,} offers of run {APPROVED_RUN} again")
    scene.twotier("log", TENANT)


def _awaits_approval(resources: Resources) -> bool:
    assignment = only(resources, "PriceListAssignment")
    return assignment["spec"].get("approvedPlan") is None and "plan" in assignment["status"]


def _suspects(resources: Resources) -> int:
    return int(_price_list(resources).get("suspects", 0))


def _price_list(resources: Resources) -> Mapping[str, Any]:
    status: Mapping[str, Any] = only(resources, "PriceList")["status"]
    return status


def _show_run(scene: Scene, resources: Resources) -> None:
    run = only(resources, "PriceListAssignment")["status"]["lastRun"]
    found = run["differences"]
    returned = f"{found['returned']} brought back, " if found["returned"] else ""
    scene.output.success(
        f"Run {run['number']} brought revision {run['revision']}: {found['added']} offers added, {returned}"
        f"{found['discontinued']} discontinued, {found['cost']} with a new cost"
    )


def _database(stage: Stage) -> str:
    """The database as a shell expression: a user's URL may contain a password, which must not be shown."""
    return f"'{stage.database_url}'" if stage.database_is_ours else f'"${URL_VARIABLE}"'
