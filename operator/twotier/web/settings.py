"""The settings of `twotier serve`."""

from dataclasses import dataclass
from typing import Annotated

from twotier.runtime.settings import ProcessSettings, Setting, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings(ProcessSettings):
    """What `twotier serve` can be told."""

    connections: Annotated[
        int,
        Setting(
            whole(1, 256),
            "a whole number from 1 to 256",
            "How many requests read the database at once; others wait for their turn.",
        ),
    ] = 16
    accounts_namespace: Annotated[
        str | None,
        Setting(
            str,
            "a name",
            "The namespace of the ServiceAccounts twotier-viewer and twotier-admin, which alone are let in; without it "
            "that of the credentials.",
        ),
    ] = None
