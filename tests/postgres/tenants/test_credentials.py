"""The administrator's stored credentials."""

import os
from uuid import UUID

import pytest
from tests.postgres.tenants.world import World

from twotier.bss.tenants.credentials import (
    NoAdministratorError,
    revoke_credentials,
    store_credentials,
    verify_password,
)
from twotier.bss.tenants.declaration import Administrator
from twotier.bss.tenants.declaring import declare_administrator


def store(world: World, organization_id: UUID, password: str, rotation: str | None) -> bool:
    with world.database.transaction() as connection:
        return store_credentials(connection, organization_id, password, rotation, entropy=os.urandom)


def stored(world: World) -> list[tuple[object, ...]]:
    return world.rows("select xmin::text, password_hash, rotation from staff_credential")


def test_a_password_is_stored_as_a_hash_with_what_it_was_made_for(world: World) -> None:
    assert store(world, world.provision(), "correct horse", "2026-11")
    [(_, password_hash, rotation)] = stored(world)
    assert "correct horse" not in str(password_hash)
    assert verify_password("correct horse", str(password_hash))
    assert rotation == "2026-11"
    facts = world.observe(world.declaration)
    assert (facts.has_credentials, facts.credentials_rotation) == (True, "2026-11")


def test_the_same_password_again_writes_nothing(world: World) -> None:
    organization_id = world.provision()
    store(world, organization_id, "correct horse", None)
    before = stored(world)
    assert not store(world, organization_id, "correct horse", None)
    assert stored(world) == before


def test_another_password_takes_the_place_of_the_one_before(world: World) -> None:
    organization_id = world.provision()
    store(world, organization_id, "correct horse", "1")
    assert store(world, organization_id, "battery staple", "2")
    [(_, password_hash, rotation)] = stored(world)
    assert verify_password("battery staple", str(password_hash))
    assert not verify_password("correct horse", str(password_hash))
    assert rotation == "2"


def test_a_rotation_is_noted_beside_a_password_that_stays(world: World) -> None:
    organization_id = world.provision()
    store(world, organization_id, "correct horse", "1")
    [(_, before, _)] = stored(world)
    assert store(world, organization_id, "correct horse", "2")
    [(_, password_hash, rotation)] = stored(world)
    assert (password_hash, rotation) == (before, "2")


def test_a_password_that_is_revoked_is_missing_and_that_of_another_tenant_stays(world: World) -> None:
    store(world, world.provision(), "correct horse", "1")
    other = world.provision(world.another("2"))
    store(world, other, "battery staple", None)
    with world.database.transaction() as connection:
        revoke_credentials(connection, other)
    [(_, password_hash, _)] = stored(world)
    assert verify_password("correct horse", str(password_hash))
    assert world.observe(world.declaration).has_credentials


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        pytest.param(Administrator("grace@contoso.example", "Ada", "Lovelace"), False, id="another e-mail address"),
        pytest.param(Administrator("ada@contoso.example", "Ada", "King"), True, id="another name"),
        pytest.param(Administrator(None, None, None), True, id="nobody"),
    ],
)
def test_a_password_is_that_of_an_email_address(world: World, declared: Administrator, *, kept: bool) -> None:
    organization_id = world.provision()
    store(world, organization_id, "correct horse", "1")
    with world.database.transaction() as connection:
        declare_administrator(connection, organization_id, declared, ids=world.ids)
    assert world.observe(world.declaration).has_credentials is kept


def test_without_an_administrator_nothing_can_be_stored(world: World) -> None:
    with pytest.raises(NoAdministratorError, match="has no administrator yet: provision it first") as refused:
        store(world, world.distributor.id, "correct horse", None)
    assert "correct horse" not in str(refused.value)
