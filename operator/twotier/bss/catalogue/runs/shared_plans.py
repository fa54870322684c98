"""Plans that many tenants share: what follows from the same runs and the same revisions is computed once."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.runs import stored_plans
from twotier.bss.catalogue.runs.obstacles import NoCatalogue, RunRefusedError
from twotier.bss.catalogue.runs.planning import Plan, plan
from twotier.bss.catalogue.runs.updates import Update
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

CAPACITY: Final = 1024


class SharedPlans:
    """Plans by the history they lead on from. Revisions never change, so a plan stays true for ever.

    A tenant with overrides has plans of its own; those that wait for somebody are stored, and not computed again. For
    one database and any number of threads.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, Update], Plan] = OrderedDict()
        self._lock = Lock()

    def plan(self, connection: Connection, organization_id: UUID, update: Update) -> Plan:
        """Return what `plan` returns.

        Raises:
            RunRefusedError: the tenant has no catalogue yet.
        """
        standing = connection.execute(_SQL["find_history"], {"organization_id": organization_id}).one_or_none()
        if standing is None:
            raise RunRefusedError(NoCatalogue())
        if standing.last_override > 0:
            stored = stored_plans.known(
                connection,
                organization_id,
                update,
                newest=standing.last_number,
                watermark=standing.last_override,
            )
            return stored or plan(connection, organization_id, update)
        key = (standing.history, update)
        known = self._find(key)
        if known is None:
            known = plan(connection, organization_id, update)
            if known.newest != standing.last_number:  # the tenant has moved between the two statements
                return known
            self._keep(key, known)
        return replace(known, organization_id=organization_id, newest=standing.last_number)

    def _find(self, key: tuple[str, Update]) -> Plan | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _keep(self, key: tuple[str, Update], planned: Plan) -> None:
        with self._lock:
            self._known[key] = planned
            if len(self._known) > self._capacity:
                self._known.popitem(last=False)
