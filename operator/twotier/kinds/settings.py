"""The settings of `twotier operator`."""

from dataclasses import dataclass
from typing import Annotated, Final

from twotier.runtime.hosts import Hosts
from twotier.runtime.settings import NameServer, Setting, Settings, one_of, read_name_servers, variable

HOST_PROOF_BY_DNS: Final = "dns"
ARTIFACT_HOSTS: Final = variable("artifact_hosts")
SOURCE_CONTROLLER: Final = Hosts.read("source-controller.flux-system.svc.cluster.local, source-controller.flux-system")
"""Where Flux's own manifests put it; it calls itself by the first of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings(Settings):
    """The settings of `twotier operator`."""

    artifact_hosts: Annotated[
        Hosts,
        Setting(
            Hosts.read,
            "names with or without a port, separated by commas",
            "The addresses of Flux's source-controllers; artifacts are fetched from nowhere else.",
        ),
    ] = SOURCE_CONTROLLER
    host_proof: Annotated[
        str,
        Setting(
            one_of(HOST_PROOF_BY_DNS, "none"),
            "dns or none",
            "How somebody proves that a host is theirs: dns asks for a TXT record, which the resource's status tells; "
            "none asks for nothing, for installations that reach no DNS and whose users trust each other.",
        ),
    ] = HOST_PROOF_BY_DNS
    name_servers: Annotated[
        tuple[NameServer, ...],
        Setting(
            read_name_servers,
            "IP addresses, separated by commas, each with a port if it is not 53, such as 192.0.2.1:5353",
            "The name servers that are asked for these records; those of the machine when not set.",
        ),
    ] = ()
