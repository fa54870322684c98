"""The Secret with the administrator's credentials: written whole, before the password's hash is stored, and never read.

Its type is TwoTier's alone, and no Secret changes its type. So the API server itself refuses to write over a Secret of
somebody else, and the operator needs no right to read any.
"""

from typing import Any, Final

from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.runtime.api import ConflictError, ForbiddenError, InvalidError, NotFoundError
from twotier.runtime.api_resource import SECRETS
from twotier.runtime.cluster import Cluster
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import API_VERSION, Resource
from twotier.runtime.settings import INSTALLATION

SECRET_TYPE: Final = "twotier.dev/administrator"  # noqa: S105 -- the type of a Secret, not one
ROLE: Final = "twotier-credentials"
SERVICE_ACCOUNT: Final = "twotier-operator"


def secret_name(resource: Resource[TenantResellerSpec]) -> str:
    """Return the name of the Secret that belongs to a tenant."""
    return f"{resource.key.name}-administrator"


async def is_gone(cluster: Cluster, resource: Resource[TenantResellerSpec]) -> bool:
    """Return whether a person deleted the Secret: nothing is there to be written over.

    Raises:
        Waiting: the operator has no right to write Secrets there.
    """
    try:
        await _replace(cluster, resource, "", dry_run=True)
    except NotFoundError:
        return True
    except InvalidError:
        return False
    return False


async def write_password(cluster: Cluster, resource: Resource[TenantResellerSpec], password: str) -> None:
    """Write the administrator's credentials to the Secret, whatever was in it.

    Raises:
        Waiting: a Secret of that name is not ours and is not touched; or the operator has no right to write Secrets
            there; or another process is writing it.
    """
    try:
        await _replace(cluster, resource, password)
    except NotFoundError:
        await _create(cluster, resource, password)
    except InvalidError as refused:
        name = secret_name(resource)
        raise Waiting(
            Reason.SECRET_NOT_OURS,
            f"Secret {name} exists and is not TwoTier's, that is, of type {SECRET_TYPE} and owned by "
            f"{resource.key.kind} {resource.key.name}; so it is left alone: delete it, and the credentials "
            "will be written to a new one",
        ) from refused


async def _replace(
    cluster: Cluster, resource: Resource[TenantResellerSpec], password: str, *, dry_run: bool = False
) -> None:
    namespace, name = resource.key.namespace, secret_name(resource)
    try:
        await cluster.api.replace(SECRETS, namespace, name, _secret(resource, password), dry_run=dry_run)
    except ForbiddenError as forbidden:
        account = f"{cluster.api.access.namespace or INSTALLATION}:{SERVICE_ACCOUNT}"
        raise Waiting(
            Reason.SECRETS_FORBIDDEN,
            f"The operator has no right to write Secrets in namespace {namespace}, where the administrator's "
            f"credentials belong; to grant it: kubectl create rolebinding {ROLE} --namespace={namespace} "
            f"--clusterrole={ROLE} --serviceaccount={account}",
        ) from forbidden


async def _create(cluster: Cluster, resource: Resource[TenantResellerSpec], password: str) -> None:
    try:
        await cluster.api.create(SECRETS, resource.key.namespace, _secret(resource, password))
    except ConflictError as conflict:
        raise Waiting(
            CommonReason.PROGRESSING, f"Secret {secret_name(resource)} changed while it was being written"
        ) from conflict


def _secret(resource: Resource[TenantResellerSpec], password: str) -> dict[str, Any]:
    return {
        "apiVersion": SECRETS.api_version,
        "kind": SECRETS.kind,
        "type": SECRET_TYPE,
        "metadata": {
            "name": secret_name(resource),
            "namespace": resource.key.namespace,
            "ownerReferences": [
                {
                    "apiVersion": API_VERSION,
                    "kind": resource.key.kind,
                    "name": resource.key.name,
                    "uid": resource.uid,
                    "controller": True,
                }
            ],
        },
        "stringData": {"email": resource.spec.administrator.email or "", "password": password},
    }
