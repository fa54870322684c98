"""The database that a program is given, for those who may never open it: this is quick to import."""

from typing import Final

URL_VARIABLE: Final = "TWOTIER_DATABASE_URL"
"""The environment variable that names the database to every program of ours."""


class DatabaseUnfitError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class DatabaseBehindError(DatabaseUnfitError):
    """The database has not been brought to the version of this program yet: once that is done, the same will do."""
