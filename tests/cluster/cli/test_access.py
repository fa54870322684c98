"""What a verb says to those whom it may not help, by the permissions that are shipped."""

from pathlib import Path

import yaml
from tests.cluster.cli.conftest import Verb
from tests.shop import Shop, assignment, distributor, price_list, tenant
from typer.testing import CliRunner

from twotier.cli.main import app
from twotier.dev.installation import NAMESPACE

DECLARED = (distributor(), price_list(), tenant(), assignment())


def person(shop: Shop, name: str, folder: Path) -> Path:
    """Return the kubeconfig of somebody who may do nothing yet."""
    shop.kubectl("create", "serviceaccount", name)
    return shop.cluster.service_account_kubeconfig(shop.namespace, name, folder / name)


def test_whoever_lacks_a_right_is_told_which_one(shop: Shop, twotier: Verb, tmp_path: Path) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    place = (f"--kubeconfig={person(shop, 'eve', tmp_path)}", f"--namespace={shop.namespace}")

    blind = twotier("status", place=place)
    assert (blind.status, "not allowed: distributors.twotier.dev is forbidden" in blind.error) == (1, True)

    shop.kubectl("create", "role", "reader", "--verb=get,list", "--resource=*.twotier.dev")
    shop.kubectl("create", "rolebinding", "reader", "--role=reader", f"--serviceaccount={shop.namespace}:eve")
    assert twotier("status", place=place).status == 0
    without_rows = twotier("status", "pla/contoso", place=place)
    assert (without_rows.status, "unknown: you may not sign in to TwoTier" in without_rows.output) == (0, True)

    binding = ("rolebinding", f"{shop.namespace}-eve", f"--namespace={NAMESPACE}")
    shop.cluster.run("create", *binding, "--role=twotier-viewer", f"--serviceaccount={shop.namespace}:eve")
    unreachable = twotier("log", "contoso", place=place)
    shop.cluster.run("delete", *binding)
    assert f"Service twotier in namespace {NAMESPACE} does not answer" in unreachable.error
    assert "start `twotier serve`" in unreachable.error


def test_rows_come_through_the_api_server(
    shop: Shop,
    twotier: Verb,
    proxied: None,  # noqa: ARG001 -- it must be there
) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    place = (f"--kubeconfig={shop.cluster.kubeconfig}", f"--namespace={shop.namespace}")
    explained = ("explain", "price", "contoso", "MAIL")
    for verb in (("plan", "contoso"), explained, ("explain", "ownership"), ("log", "contoso", "1", "-o", "csv")):
        assert twotier(*verb, place=place) == twotier(*verb), verb
    compared = twotier("diff", "-f", "-", place=place, text=yaml.safe_dump(price_list("retail", "MAIL,month,5,Mail,6")))
    assert (compared.status, "with a new price" in compared.output) == (2, True)


def test_names_of_resources_complete_a_command_line(shop: Shop) -> None:
    shop.apply(
        distributor(), tenant(), tenant("contralto"), assignment(), assignment("contralto"), assignment("zephyr")
    )
    line = f"twotier plan --kubeconfig={shop.cluster.kubeconfig} --namespace={shop.namespace} cont"
    environment = {"_TWOTIER_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": "4"}
    completed = CliRunner().invoke(app, [], prog_name="twotier", env=environment)
    assert completed.stdout.split() == ["contoso", "contralto"]
