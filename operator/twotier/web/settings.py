"""The settings of `twotier serve`."""

from dataclasses import dataclass, field
from typing import Annotated, Final

from twotier.runtime.settings import ProcessSettings, Setting, variable, whole

READ_URL_VARIABLE: Final = variable("read_database_url")


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
    # It may hold a password, which whoever shows the settings does not show.
    read_database_url: Annotated[
        str | None,
        Setting(
            str,
            "a URL",
            "Where requests read, such as the standbys of `TWOTIER_DATABASE_URL`; dry runs stay at the latter.",
        ),
    ] = field(default=None, repr=False)
    accounts_namespace: Annotated[
        str | None,
        Setting(
            str,
            "a name",
            "The namespace of the ServiceAccounts twotier-viewer and twotier-admin, which alone are let in; without it "
            "that of the credentials.",
        ),
    ] = None
