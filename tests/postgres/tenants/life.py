"""A tenant's life in a process of its own, which may be killed: python -m tests.postgres.tenants.life URL NUMBER."""

import sys

from tests.postgres.tenants.world import DECLARATION, NOW, another, new_id

from twotier.bss.database import Database, Role
from twotier.bss.organizations.distributor import find_distributor
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.credentials import store_credentials
from twotier.bss.tenants.observing import observe
from twotier.bss.tenants.phases import Phase
from twotier.bss.tenants.provisioning import provision


def live(url: str, number: str, *, erased: bool) -> None:
    """Bring the tenant of an account from whatever phase it is in to active, or to its erasure."""
    declaration = another(DECLARATION, number)
    database = Database(url, Role.OPERATOR)
    with database.transaction() as connection:
        distributor = find_distributor(connection, "sales", "northwind")
        assert distributor is not None
        facts = observe(connection, distributor, declaration)
    assert facts.price_list is not None
    organization_id = facts.organization_id
    if facts.phase is not Phase.ACTIVE:
        organization_id = provision(
            database.transaction, distributor, declaration, facts.price_list, ids=new_id, now=NOW
        )
        with database.transaction() as connection:
            store_credentials(connection, organization_id, "correct horse", None, entropy=bytes)
        with database.transaction() as connection:
            lifecycle.activate(connection, organization_id, now=NOW)
    if erased and organization_id is not None:
        with database.transaction() as connection:
            lifecycle.erase(connection, organization_id)
    database.dispose()


if __name__ == "__main__":
    live(sys.argv[1], sys.argv[2], erased="erased" in sys.argv[3:])
