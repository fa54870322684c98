"""Confirmation of what a verb is about to do."""

from typing import Annotated

import typer

from twotier.cli.failure import CommandError

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]


def agreed(question: str, *, yes: bool) -> bool:
    """Ask a person for confirmation.

    Args:
        yes: it was given beforehand.

    Raises:
        CommandError: standard input is not a terminal.
    """
    if yes:
        return True
    if not typer.get_text_stream("stdin").isatty():
        raise CommandError("cannot ask for confirmation, since standard input is not a terminal: add --yes")
    return typer.confirm(question)
