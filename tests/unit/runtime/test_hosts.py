"""A URL leads to a named server, plainly, or it is not fetched."""

import pytest

from twotier.kinds.settings import OperatorSettings
from twotier.runtime.hosts import Hosts
from twotier.runtime.settings import SettingsError

FLUX = Hosts.read("source-controller.flux-system, files.example:8443, [fd00::1]:9090")
DEFAULT = OperatorSettings().artifact_hosts


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        pytest.param(
            "http://source-controller.flux-system/a/b.tar.gz",
            "http://source-controller.flux-system:80/a/b.tar.gz",
            id="a named server",
        ),
        pytest.param(
            "HTTP://Source-Controller.Flux-System./a", "http://source-controller.flux-system:80/a", id="spelt otherwise"
        ),
        pytest.param(
            "https://source-controller.flux-system:443/a",
            "https://source-controller.flux-system:443/a",
            id="with the port of its protocol",
        ),
        pytest.param("https://files.example:8443/a", "https://files.example:8443/a", id="with a named port"),
        pytest.param("http://[FD00::1]:9090/a", "http://[fd00::1]:9090/a", id="an address of IPv6"),
    ],
)
def test_a_url_that_is_fetched(url: str, fetched: str) -> None:
    address = FLUX.address(url)
    assert address is not None
    assert address.url == fetched


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/a",
        "http://source-controller.flux-system.evil.example/a",
        "http://evil.example/source-controller.flux-system",
        "http://source-controller.flux-system:8080/a",
        "http://source-controller.flux-system:443/a",
        "http://files.example/a",
        "http://[fd00::1]/a",
        "http://[fd00::2]:9090/a",
        "http://source-controller.flux-system@evil.example/a",
        "http://evil.example@source-controller.flux-system/a",
        "http://user:password@source-controller.flux-system/a",
        "http://@source-controller.flux-system/a",
        "http://evil.example\\@source-controller.flux-system/a",
        "http://source-controller.flux-system\\@evil.example/a",
        "http://evil.example#@source-controller.flux-system/a",
        "http://evil.example?@source-controller.flux-system/a",
        "http://source-controller%2eflux-system/a",
        "http://source-controller.flux-system%00.evil.example/a",
        "http://source-controller.flux-system../a",
        "http://source-controller。flux-system/a",
        "http://source-controller.flux-system:99999/a",
        "http://source-controller.flux-system:80:8080/a",
        "http://source-controller.flux-system:0/a",
        "http://source-controller.flux-system",
        "http://source-controller.flux-system/",
        "http://source-controller.flux-system/a?token=1",
        "http://source-controller.flux-system/a#b",
        "http://source-controller.flux-system/a/../b",
        "http://source-controller.flux-system/a/%2e%2e/b",
        "http://source-controller.flux-system/a%2fb",
        "http://source-controller.flux-system//a",
        "http://source-controller.flux-system/a b",
        "ftp://source-controller.flux-system/a",
        "file:///etc/passwd",
        "//source-controller.flux-system/a",
        "source-controller.flux-system/a",
        "http:///a",
        "http://[fd00::1/a",
        "",
    ],
)
def test_a_url_that_is_not_fetched(url: str) -> None:
    assert FLUX.address(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://source-controller.flux-system.svc.cluster.local./gitrepository/shop/prices/1.tar.gz",
        "http://source-controller.flux-system.svc.cluster.local/gitrepository/shop/prices/1.tar.gz",
        "http://source-controller.flux-system/gitrepository/shop/prices/1.tar.gz",
    ],
)
def test_flux_s_own_addresses_are_the_default(url: str) -> None:
    assert DEFAULT.address(url) is not None


@pytest.mark.parametrize("text", ["http://flux", "flux/path", "user@flux", "flux:port", ":80", "flux:99999"])
def test_a_setting_that_names_no_server(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^TWOTIER_ARTIFACT_HOSTS is '.+'; it takes names with or without a port"):
        OperatorSettings.from_environment({"TWOTIER_ARTIFACT_HOSTS": text})


def test_names_are_shown_as_they_may_be_given() -> None:
    assert str(FLUX) == "source-controller.flux-system, files.example:8443, [fd00::1]:9090"
