"""The administrator's credentials: made once, kept as a hash that cannot be turned back."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.sql import statements
from twotier.fault_points import fault_point

_SQL: Final = statements(__name__)

Entropy = Callable[[int], bytes]


class _Parameters(NamedTuple):
    cost: int
    block_size: int
    parallelism: int


_PASSWORD_BYTES: Final = 18
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
# 16 MB and some 50 ms each: enough beside 144 random bits, and a fleet of tenants can be made on one core
_PARAMETERS: Final = _Parameters(cost=2**14, block_size=8, parallelism=1)
_MEMORY_LIMIT: Final = 2**28
# Two at once, however many ask. Threads of their own, not a semaphore: where malloc has no M_MMAP_THRESHOLD
# (runtime/memory.py), it keeps the 16 MB for each thread that has ever used them.
_HASHING: Final = ThreadPoolExecutor(2, thread_name_prefix="passwords")


class NoAdministratorError(Exception):
    """A tenant has no administrator yet whose credentials could be stored."""

    def __init__(self, organization_id: UUID) -> None:
        super().__init__(f"organisation {organization_id} has no administrator yet: provision it first")


def generate_password(entropy: Entropy) -> str:
    """Return a password of 24 characters that are safe in URLs and shells.

    Args:
        entropy: gives that many random bytes (`os.urandom`).
    """
    return base64.urlsafe_b64encode(entropy(_PASSWORD_BYTES)).decode()


def hash_password(password: str, entropy: Entropy) -> str:
    """Return `scrypt$cost$block size$parallelism$salt$key`, salt and key in Base64."""
    salt = entropy(_SALT_BYTES)
    key = _derived(password, salt, _PARAMETERS)
    encoded = (base64.b64encode(part).decode() for part in (salt, key))
    return "$".join(("scrypt", *map(str, _PARAMETERS), *encoded))


def verify_password(password: str, password_hash: str) -> bool:
    """Tell whether a password is the one that was hashed, in a time that does not depend on how wrong it is."""
    _, cost, block_size, parallelism, salt, key = password_hash.split("$")
    parameters = _Parameters(int(cost), int(block_size), int(parallelism))
    given = _derived(password, base64.b64decode(salt), parameters)
    return hmac.compare_digest(given, base64.b64decode(key))


def store_credentials(
    connection: Connection, organization_id: UUID, password: str, rotation: str | None, *, entropy: Entropy
) -> bool:
    """Store the hash of the administrator's password, and what was declared when it was made.

    The caller has written the password to its Secret before, so that a crash between the two loses nothing. A password
    that is stored already is left as it is.

    Returns:
        Whether anything was written.

    Raises:
        NoAdministratorError: the tenant's administrator was not provisioned yet.
    """
    stored = connection.execute(_SQL["find_administrator"], {"organization_id": organization_id}).one_or_none()
    if stored is None:
        raise NoAdministratorError(organization_id)
    same_password = stored.password_hash is not None and verify_password(password, stored.password_hash)
    if same_password and stored.rotation == rotation:
        return False
    password_hash = stored.password_hash if same_password else hash_password(password, entropy)
    connection.execute(
        _SQL["store_password"],
        {
            "organization_id": organization_id,
            "staff_id": stored.id,
            "password_hash": password_hash,
            "rotation": rotation,
        },
    )
    fault_point("tenant.credentials.before_commit")
    return True


def revoke_credentials(connection: Connection, organization_id: UUID) -> None:
    """Forget the administrator's password: nobody signs in with it any more, and new credentials are due."""
    connection.execute(_SQL["revoke_password"], {"organization_id": organization_id})


def _derived(password: str, salt: bytes, parameters: _Parameters) -> bytes:
    """The key of a password; however many ask, two are derived at once in a process."""
    return _HASHING.submit(_derive, password, salt, parameters).result()


def _derive(password: str, salt: bytes, parameters: _Parameters) -> bytes:
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=parameters.cost,
        r=parameters.block_size,
        p=parameters.parallelism,
        dklen=_KEY_BYTES,
        maxmem=_MEMORY_LIMIT,
    )
