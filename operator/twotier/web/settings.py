"""The settings of `twotier serve`."""

from dataclasses import dataclass, field
from typing import Annotated, Final

from twotier.runtime.settings import ProcessSettings, Setting, variable, whole

READ_URL_VARIABLE: Final = variable("read_database_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings(ProcessSettings):
    """The settings of `twotier serve`."""

    connections: Annotated[
        int,
        Setting(
            whole(1, 256),
            "a whole number from 1 to 256",
            "The maximum number of requests that read the database at once; others wait.",
        ),
    ] = 16
    # It may contain a password, so it is left out when settings are shown.
    read_database_url: Annotated[
        str | None,
        Setting(
            str,
            "a URL",
            "Where requests read, such as the standbys of `TWOTIER_DATABASE_URL`; dry runs always use the latter.",
        ),
    ] = field(default=None, repr=False)
    accounts_namespace: Annotated[
        str | None,
        Setting(
            str,
            "a name",
            "The namespace of the ServiceAccounts twotier-viewer and twotier-admin, the only ones with access; by "
            "default that of the credentials.",
        ),
    ] = None
