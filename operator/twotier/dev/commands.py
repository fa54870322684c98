"""The reference page of the command line, from the commands themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import typer

from twotier.cli.main import app
from twotier.cli.session import Options
from twotier.dev.markdown import code, page, table

PROGRAM: Final = "twotier"
INTRODUCTION: Final = (
    "`twotier` is also installed as `kubectl-twotier`, so that `kubectl twotier status` works. The verbs that "
    "work with a cluster need the extra `cli`: `pip install 'twotier[cli]'`. They read and change resources with "
    "the permissions of the kubeconfig, and read rows from `twotier serve` with a token of the ServiceAccount "
    "`twotier-viewer`, which they request from the API server.\n\n"
    "Every command exits with 0 on success, and with 1 if it fails or is misused; a one-line message on standard "
    "error says what to do. Further exit codes are documented with the commands that have them. Colour is used only "
    "on terminals, and not if `NO_COLOR` is set. In a pipe, lines are as long as they need to be, unless `COLUMNS` "
    "limits them. `twotier --install-completion` installs shell completion for verbs, options and names of "
    "resources."
)
TAKES: Final[Mapping[object, str]] = {bool: "", str: "text", int: "a whole number", Path: "a path"}
HEADINGS: Final = ("Name", "Takes", "Default", "What it is for")


def commands() -> str:
    """Return the page of all commands with all options."""
    group = typer.main.get_command(app)
    found = list(_leaves(group, (PROGRAM,)))
    shared = {each.name for each in fields(Options)}
    everywhere = next(each for _, each in found if shared <= {parameter.name for parameter in each.params})
    common = [_row(parameter) for parameter in everywhere.params if parameter.name in shared]
    return page(
        "Commands",
        INTRODUCTION,
        *(_section(path, command, shared) for path, command in found),
        "## Options of every verb that works with a cluster\n\n" + table(HEADINGS, common),
    )


def _leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, each in inner.items():
        yield from _leaves(each, (*path, name))


def _section(path: Sequence[str], command: Any, shared: set[str]) -> str:
    takes_shared = shared <= {parameter.name for parameter in command.params}
    own = [each for each in command.params if not (takes_shared and each.name in shared) and each.name != "help"]
    parts = [
        f"## {' '.join(path)}",
        f"```\n{' '.join((*path, *_usage(own, takes_shared=takes_shared)))}\n```",
        command.help.strip(),
    ]
    if own:
        parts.append(table(HEADINGS, [_row(each) for each in own]))
    return "\n\n".join(parts)


def _usage(parameters: Sequence[Any], *, takes_shared: bool) -> Iterator[str]:
    for each in parameters:
        if each.param_type_name == "argument":
            yield each.metavar if each.required else f"[{each.metavar}]"
    if takes_shared or any(each.param_type_name == "option" for each in parameters):
        yield "[OPTIONS]"


def _row(parameter: Any) -> tuple[str, ...]:
    names = [parameter.metavar] if parameter.param_type_name == "argument" else parameter.opts
    variable = f" Also `{parameter.envvar}`." if parameter.envvar else ""
    return code(names), _takes(parameter), _default(parameter), f"{parameter.help}{variable}"


def _takes(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    if get_origin(annotation) is list or parameter.multiple:
        (annotation, *_) = get_args(annotation) or (annotation,)
        return f"{_one(annotation)}, repeatable"
    return _one(annotation)


def _one(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return code(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return code([str(each) for each in annotation])
    return TAKES[annotation]


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = getattr(parameter.default, "value", parameter.default)
    return "" if value is None or value is False or value == () else f"`{value}`"
