"""Whether a person wants what a verb is about to do."""

from typing import Annotated

import typer

from twotier.cli.failure import CommandError

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


def agreed(question: str, *, yes: bool) -> bool:
    """Ask a person whether to go on.

    Args:
        yes: it was said beforehand.

    Raises:
        CommandError: nobody can be asked, because this runs in a pipe.
    """
    if yes:
        return True
    if not typer.get_text_stream("stdin").isatty():
        raise CommandError("nobody can be asked here: say --yes to do it without asking")
    return typer.confirm(question)
