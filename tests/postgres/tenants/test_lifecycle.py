"""A tenant's life after provisioning."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from tests.postgres.tenants.world import World

from twotier.bss.catalogue.runs.updates import Request, write_first_update
from twotier.bss.database import Role
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.declaration import Storefront
from twotier.bss.tenants.phases import Phase, PhaseRefusedError

Move = Callable[[Connection, UUID], object]


def move(world: World, organization_id: UUID, *moves: Move) -> str:
    for one in moves:
        with world.database.transaction() as connection:
            one(connection, organization_id)
    [(phase,)] = world.rows("select phase from tenant where organization_id = :id", id=organization_id)
    return str(phase)


def test_a_provisioned_tenant_is_in_progress_until_it_is_activated(world: World) -> None:
    organization_id = world.provision()
    assert world.observe(world.declaration).phase is Phase.IN_PROGRESS
    assert world.activate() == organization_id
    assert world.observe(world.declaration).phase is Phase.ACTIVE


def test_the_time_of_the_first_activation_stays(world: World) -> None:
    organization_id = world.activate()
    with world.database.transaction() as connection:
        lifecycle.activate(connection, organization_id, now=world.now + timedelta(days=1))
    assert world.rows("select activated_at from tenant") == [(world.now,)]


LIVES: dict[str, tuple[tuple[Move, ...], Phase]] = {
    "suspended": ((lifecycle.suspend,), Phase.SUSPENDED),
    "suspended twice": ((lifecycle.suspend, lifecycle.suspend), Phase.SUSPENDED),
    "suspended and resumed": ((lifecycle.suspend, lifecycle.resume), Phase.ACTIVE),
    "resumed without being suspended": ((lifecycle.resume,), Phase.ACTIVE),
    "deleted": ((lifecycle.mark_deleted,), Phase.MARKED_AS_DELETED),
    "deleted twice": ((lifecycle.mark_deleted, lifecycle.mark_deleted), Phase.MARKED_AS_DELETED),
    "deleted while suspended": ((lifecycle.suspend, lifecycle.mark_deleted), Phase.MARKED_AS_DELETED),
    "deleted and readopted": ((lifecycle.mark_deleted, lifecycle.readopt), Phase.ACTIVE),
}


@pytest.mark.parametrize(("moves", "phase"), LIVES.values(), ids=LIVES.keys())
def test_an_active_tenant_that_is(moves: tuple[Move, ...], phase: Phase, world: World) -> None:
    assert move(world, world.activate(), *moves) == phase


def test_a_tenant_who_is_held_active_cannot_be_suspended_before_the_transaction_ends(world: World) -> None:
    organization_id = world.activate()
    with world.database.transaction() as updating:
        assert lifecycle.hold_active(updating, organization_id)
        with world.database.engine.connect() as suspending:
            suspending.execute(text("set local lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                lifecycle.suspend(suspending, organization_id)
    assert move(world, organization_id, lifecycle.suspend) == Phase.SUSPENDED
    with world.database.transaction() as updating:
        assert not lifecycle.hold_active(updating, organization_id)


def test_a_tenant_that_never_was_active_is_readopted_where_it_was(world: World) -> None:
    assert move(world, world.provision(), lifecycle.mark_deleted, lifecycle.readopt) == Phase.IN_PROGRESS


def test_a_refused_move_changes_nothing(world: World) -> None:
    organization_id = world.provision()
    with pytest.raises(PhaseRefusedError, match="that is InProgress cannot be suspended: it must be Active"):
        move(world, organization_id, lifecycle.suspend)
    assert world.observe(world.declaration).phase is Phase.IN_PROGRESS


def test_an_organisation_that_is_no_tenant_has_no_phase(world: World) -> None:
    with pytest.raises(lifecycle.NoSuchTenantError, match="is not a tenant"):
        move(world, world.distributor.id, lifecycle.suspend)


def test_a_retained_tenant_keeps_its_address(world: World) -> None:
    move(world, world.activate(), lifecycle.mark_deleted)
    facts = world.observe(world.another("R-200", alias="contoso"))
    assert facts.address_holder not in (None, facts.organization_id)


def test_nothing_mentions_an_erased_tenant_but_its_account(world: World) -> None:
    organization_id = world.activate()
    other = world.activate(world.another("R-200"))
    with world.database.transaction() as connection:
        for each in (organization_id, other):
            write_first_update(connection, each, world.price_list_id, 1, Request("test", world.now))
    move(world, organization_id, lifecycle.suspend)
    with world.database.transaction() as connection:
        lifecycle.erase(connection, organization_id)
    tables = [
        name
        for (name,) in world.rows(
            "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'twotier'::regnamespace"
        )
    ]
    mentioning = {
        organization: {
            table
            for table in tables
            if world.rows(f"select from {table} t where t::text like '%' || :id || '%'", id=str(organization))
        }
        for organization in (organization_id, other)
    }
    assert mentioning[organization_id] == set()
    assert {"organization", "tenant", "tax", "staff", "catalogue_update"} <= mentioning[other]
    assert world.rows("select number from account order by 1") == [("R-100",), ("R-200",)]


def test_erasing_twice_is_no_error_and_a_root_is_left_alone(world: World) -> None:
    organization_id = world.activate()
    with world.database.transaction() as connection:
        for each in (organization_id, organization_id, uuid4(), world.distributor.id):
            lifecycle.erase(connection, each)
    assert world.rows("select id from organization") == [(world.distributor.id,)]


def test_the_operator_may_delete_from_every_table_of_tenants(world: World) -> None:
    refused = world.rows(
        "select relname from pg_class where relrowsecurity and relnamespace = 'twotier'::regnamespace "
        "and not has_table_privilege(:role, oid, 'delete')",
        role=Role.OPERATOR,
    )
    assert refused == []


def test_after_an_erasure_address_and_account_are_free_for_a_new_tenant(world: World) -> None:
    erased = world.activate()
    with world.database.transaction() as connection:
        lifecycle.erase(connection, erased)
    assert world.activate(replace(world.declaration, storefront=Storefront(alias="contoso"))) != erased
