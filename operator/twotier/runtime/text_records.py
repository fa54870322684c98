"""TXT records, looked up within limits: name servers that do not answer hold up whoever named them, and nobody else."""

from collections.abc import Sequence
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import structlog

from twotier.runtime.settings import NameServer

SECONDS: Final = 3.0
"""How long a look-up may take, over all name servers."""

log = structlog.get_logger(__name__)


class TextRecords:
    """Looks up TXT records.

    Each look-up holds a worker while it lasts, so one namespace has one at a time, and all have a few.

    Args:
        servers: the name servers; those of the machine when empty.
        at_once: how many look-ups may be under way.
    """

    def __init__(self, servers: Sequence[NameServer], at_once: int) -> None:
        self._servers = servers
        self._at_once = at_once
        self._asking: set[str] = set()

    async def values(self, record: str, namespace: str) -> frozenset[str] | None:
        """Return the values of a record, none if it does not exist; None if nobody could be asked.

        Args:
            record: its full name.
            namespace: for which it is looked up.
        """
        if namespace in self._asking or len(self._asking) >= self._at_once:
            return None
        self._asking.add(namespace)
        try:
            return await self._look_up(record)
        except (dns.exception.DNSException, OSError) as error:
            log.warning("DNS did not answer", record=record, error=str(error))
            return None
        finally:
            self._asking.discard(namespace)

    async def _look_up(self, record: str) -> frozenset[str]:
        # Anew each time, because the machine's name servers may change.
        resolver = dns.asyncresolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(each.address, each.port) for each in self._servers]
        try:
            answer = await resolver.resolve(
                dns.name.from_text(record), "TXT", raise_on_no_answer=False, lifetime=SECONDS, search=False
            )
        except dns.resolver.NXDOMAIN:
            return frozenset()
        return frozenset(b"".join(each.strings).decode("ascii", "replace") for each in answer.rrset or ())
