"""twotier database: how an administrator prepares a PostgreSQL database for TwoTier."""

import typer

from twotier.cli.parameters import DatabaseUrl

database = typer.Typer(help="Prepare the PostgreSQL database.", no_args_is_help=True)


@database.command()
def init(database_url: DatabaseUrl) -> None:
    """Create the roles and the schema. Repeatable; the login must own the database and be allowed to create roles."""
    from twotier.bss import administration  # noqa: PLC0415 -- slow to import

    administration.initialise(database_url)
    typer.echo("The roles and the schema exist. Next: twotier database migrate")


@database.command()
def migrate(database_url: DatabaseUrl) -> None:
    """Upgrade tables and routines to this program's version. Repeatable, even while an older program is running."""
    from twotier.bss import administration  # noqa: PLC0415 -- slow to import

    administration.migrate(database_url)
    typer.echo("The schema is at the version of this program.")


@database.command()
def check(database_url: DatabaseUrl) -> None:
    """Check whether the operator can work with the database as it is."""
    from twotier.bss import administration  # noqa: PLC0415 -- slow to import
    from twotier.bss.database import Database, Role  # noqa: PLC0415 -- slow to import

    unfenced = Database(database_url, Role.OPERATOR, pool_size=1)
    with unfenced.transaction() as connection:
        administration.check(connection)
    unfenced.dispose()
    typer.echo("The database is ready.")
