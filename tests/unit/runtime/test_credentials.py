"""Ways to the API server, and what is said where there is none."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from twotier.runtime.credentials import CredentialsError, find_access, from_kubeconfig, from_service_account


def kubeconfig(folder: Path, user: dict[str, Any], **changes: object) -> Path:
    path = folder / "kubeconfig"
    path.write_text(
        yaml.safe_dump(
            {
                "current-context": "here",
                "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u", "namespace": "north"}}],
                "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:8001/"}}],
                "users": [{"name": "u", "user": user}],
                **changes,
            }
        ),
        encoding="utf-8",
    )
    return path


def test_a_kubeconfig_gives_server_namespace_and_token(tmp_path: Path) -> None:
    access = from_kubeconfig(kubeconfig(tmp_path, {"token": "t"}))

    assert (access.server, access.namespace, access.trust, access.token()) == (
        "http://127.0.0.1:8001",
        "north",
        None,
        "t",
    )


def test_a_token_in_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n", encoding="utf-8")
    access = from_kubeconfig(kubeconfig(tmp_path, {"tokenFile": "token"}))
    first = access.token()
    token.write_text("second\n", encoding="utf-8")
    os.utime(token, ns=(1, 1))

    assert (first, access.token()) == ("first", "second")


@pytest.mark.parametrize(
    ("user", "changes", "message"),
    [
        pytest.param({"exec": {"command": "login"}}, {}, "logs in by exec", id="an exec plugin is refused"),
        pytest.param({"username": "u"}, {}, "logs in by username", id="so is a password"),
        pytest.param({}, {"current-context": "elsewhere"}, "check its current-context", id="so is a dangling context"),
        pytest.param(
            {"token": "t"},
            {"clusters": [{"name": "c", "cluster": {"server": "https://a", "certificate-authority": "gone.crt"}}]},
            "gone.crt",
            id="so is a certificate that is not there",
        ),
        pytest.param(
            {"token": "t"},
            {"clusters": [{"name": "c", "cluster": {"server": "https://a", "certificate-authority-data": "bm9uZQ=="}}]},
            "check .* its certificates",
            id="so is a certificate that is none",
        ),
        pytest.param({}, {"clusters": None}, "check its current-context", id="so is a kubeconfig with parts missing"),
    ],
)
def test_an_unusable_kubeconfig_is_named(
    tmp_path: Path, user: dict[str, Any], changes: dict[str, object], message: str
) -> None:
    path = kubeconfig(tmp_path, user, **changes)

    with pytest.raises(CredentialsError, match=message) as refused:
        from_kubeconfig(path)

    assert str(path) in str(refused.value)


def test_a_missing_kubeconfig_is_named(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"nowhere cannot be used \(FileNotFoundError"):
        find_access(tmp_path / "nowhere", {})


def test_outside_a_pod_a_kubeconfig_is_asked_for() -> None:
    with pytest.raises(CredentialsError, match="set TWOTIER_KUBECONFIG"):
        find_access(None, {})


def test_a_pod_without_a_token_is_told_to_mount_one(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="mount its ServiceAccount's token"):
        from_service_account(tmp_path, "10.0.0.1", "443")
