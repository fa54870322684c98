"""How to reach the API server: the ServiceAccount of a pod, or a kubeconfig."""

import base64
import ssl
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")
UNSUPPORTED_LOGINS: Final = ("exec", "auth-provider", "username")


class CredentialsError(Exception):
    """There is no usable way to reach the API server; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Access:
    """A way to one API server.

    Attributes:
        server: its address, such as "https://10.0.0.1:443".
        namespace: the one that the credentials belong to, if known.
        trust: verifies the server, and carries a client certificate if there is one; None for plain HTTP.
        token: returns the current bearer token; called before each request, because tokens in files rotate.
    """

    server: str
    namespace: str | None
    trust: ssl.SSLContext | None
    token: Callable[[], str | None]


def find_access(kubeconfig: Path | None, environment: Mapping[str, str]) -> Access:
    """Use the named kubeconfig, or else the pod's ServiceAccount.

    Raises:
        CredentialsError: neither exists, or the one that exists cannot be used.
    """
    if kubeconfig is not None:
        return from_kubeconfig(kubeconfig)
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT", "443")
    if host is None:
        raise CredentialsError(
            "No Kubernetes API server is known: set TWOTIER_KUBECONFIG to a kubeconfig file, or run inside a pod."
        )
    return from_service_account(SERVICE_ACCOUNT, host, port)


def from_service_account(folder: Path, host: str, port: str) -> Access:
    """Use the files that Kubernetes mounts into every pod.

    Raises:
        CredentialsError: they do not exist.
    """
    token_file, authority = folder / "token", folder / "ca.crt"
    if not (token_file.is_file() and authority.is_file()):
        raise CredentialsError(f"{folder} has no token: set the pod to mount its ServiceAccount's token.")
    namespace_file = folder / "namespace"
    return Access(
        server=f"https://{f'[{host}]' if ':' in host else host}:{port}",
        namespace=namespace_file.read_text(encoding="utf-8").strip() if namespace_file.is_file() else None,
        trust=ssl.create_default_context(cafile=str(authority)),
        token=_rereading(token_file),
    )


def from_kubeconfig(path: Path) -> Access:
    """Use the current context of a kubeconfig.

    Raises:
        CredentialsError: the file cannot be read, or needs a login that is not supported.
    """
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        context = _named(config, "context", config["current-context"])
        cluster = _named(config, "cluster", context["cluster"])
        user = _named(config, "user", context["user"])
        server = str(cluster["server"]).rstrip("/")
        trust = _trust(cluster, user, path.parent) if server.startswith("https:") else None
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, StopIteration) as error:
        raise CredentialsError(
            f"The kubeconfig {path} cannot be used ({type(error).__name__}: {error}): check its current-context and "
            "its certificates."
        ) from error
    return Access(
        server=server,
        namespace=context.get("namespace"),
        trust=trust,
        token=_token(user, path),
    )


def _named(config: Mapping[str, Any], kind: str, name: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = next(item for item in config[f"{kind}s"] if item["name"] == name)[kind]
    return entry


def _trust(cluster: Mapping[str, Any], user: Mapping[str, Any], folder: Path) -> ssl.SSLContext:
    authority = _content(cluster, "certificate-authority", folder)
    context = ssl.create_default_context(cadata=authority.decode("ascii") if authority else None)
    if cluster.get("insecure-skip-tls-verify"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    certificate, key = _content(user, "client-certificate", folder), _content(user, "client-key", folder)
    if certificate and key:
        # The ssl module takes a client certificate only from a file.
        with tempfile.NamedTemporaryFile() as file:
            file.write(certificate + b"\n" + key)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def _content(entry: Mapping[str, Any], field: str, folder: Path) -> bytes | None:
    if f"{field}-data" in entry:
        return base64.b64decode(entry[f"{field}-data"])
    if field in entry:
        return (folder / str(entry[field])).read_bytes()
    return None


def _token(user: Mapping[str, Any], path: Path) -> Callable[[], str | None]:
    if "tokenFile" in user:
        return _rereading(path.parent / str(user["tokenFile"]))
    unsupported = [login for login in UNSUPPORTED_LOGINS if login in user]
    if unsupported and "token" not in user:
        raise CredentialsError(
            f"The kubeconfig {path} logs in by {unsupported[0]}, which the operator does not support: give it a "
            "token or a client certificate, such as `kubectl create token` creates for a ServiceAccount."
        )
    token = user.get("token")
    return lambda: token


def _rereading(path: Path) -> Callable[[], str | None]:
    """Read a token again when its file has changed."""
    seen: tuple[int, str] | None = None

    def token() -> str:
        nonlocal seen
        written = path.stat().st_mtime_ns
        if seen is None or seen[0] != written:
            seen = written, path.read_text(encoding="utf-8").strip()
        return seen[1]

    return token
