"""A small name server on loopback, for TXT records that a test publishes."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

LOOPBACK: Final = "127.0.0.1"


@dataclass
class Zone:
    """What the server answers.

    Attributes:
        records: values by name; names that are not there do not exist.
        silent: names whose questions it leaves unanswered.
        asked: the names that it was asked for.
    """

    address: str = ""
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def publish(self, challenge: Mapping[str, str]) -> None:
        """Publish what the status of a tenant asks for."""
        self.records[challenge["record"]] = (challenge["value"],)


@contextmanager
def name_server() -> Iterator[Zone]:
    """Run a server, and give its zone."""
    zone = Zone()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            question, socket = self.request
            answer = _answer(zone, dns.message.from_wire(question))
            if answer is not None:
                socket.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer((LOOPBACK, 0), Handler) as server:
        zone.address = f"{LOOPBACK}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield zone
        server.shutdown()
        thread.join()


def _answer(zone: Zone, query: dns.message.Message) -> dns.message.Message | None:
    asked = query.question[0]
    name = asked.name.to_text(omit_final_dot=True)
    zone.asked.append(name)
    if name in zone.silent:
        return None
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    values = zone.records.get(name)
    if values is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif asked.rdtype == dns.rdatatype.TXT:
        # A value that is longer than a string of DNS is several, and has quotes around each.
        quoted = [" ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255)) for value in values]
        answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "TXT", *quoted))
    return answer
