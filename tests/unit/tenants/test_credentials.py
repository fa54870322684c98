"""Passwords and their hashes."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from twotier.bss.tenants.credentials import generate_password, hash_password, verify_password


def test_a_generated_password_is_long_and_safe_in_urls_and_shells() -> None:
    password = generate_password(os.urandom)
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", password)
    assert password != generate_password(os.urandom)


def test_the_same_entropy_makes_the_same_password() -> None:
    assert generate_password(bytes) == generate_password(bytes) == "A" * 24


def test_a_hash_tells_the_right_password_from_others() -> None:
    password_hash = hash_password("correct horse", os.urandom)
    assert verify_password("correct horse", password_hash)
    assert not verify_password("correct hors", password_hash)
    assert not verify_password("", password_hash)


def test_two_hashes_of_a_password_differ() -> None:
    assert hash_password("correct horse", os.urandom) != hash_password("correct horse", os.urandom)


def test_a_hash_says_what_it_was_made_with_so_that_the_cost_may_rise_later() -> None:
    # Made with a lower cost than today's
    older = "scrypt$1024$8$1$AAAAAAAAAAAAAAAAAAAAAA==$6T3EPrWlvRG/y8+HDJ+XRLH2SiAP9RFvuF7ZslX9Uhw="
    assert verify_password("correct horse", older)
    assert hash_password("correct horse", bytes).startswith("scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$")


@pytest.mark.parametrize(
    "password", ["", "x" * 1000, "κωδικός", "a$b$c"], ids=["empty", "long", "Greek", "with dollars"]
)
def test_any_text_can_be_hashed(password: str) -> None:
    assert verify_password(password, hash_password(password, os.urandom))


@contextmanager
def threads_that_derive_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    threads, scrypt = set[str](), hashlib.scrypt

    def noted(password: bytes, **parameters: Any) -> bytes:
        threads.add(threading.current_thread().name)
        return scrypt(password, **parameters)

    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "scrypt", noted)
        yield threads


def test_however_many_threads_hash_and_verify_two_of_the_process_have_the_memory_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hash_and_verify(number: int) -> bool:
        return verify_password(str(number), hash_password(str(number), os.urandom))

    with threads_that_derive_keys(monkeypatch) as threads, ThreadPoolExecutor(16) as askers:
        assert all(askers.map(hash_and_verify, range(32)))
    assert len(threads) <= 2
