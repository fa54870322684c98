"""What every verb shares: the options of the cluster, of TwoTier's API and of the output."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, ParamSpec

import typer

from twotier.cli.client.api import SERVER_VARIABLE, Api
from twotier.cli.client.cluster import Namespace
from twotier.cli.client.connection import Connection, connect
from twotier.cli.render.screen import Form, Screen, not_printed
from twotier.runtime.settings import INSTALLATION

INSTALLATION_VARIABLE: Final = "TWOTIER_INSTALLATION"
PANEL: Final = "Cluster and output"
CHANGES: Final = 2
"""Exit code when there is something to do; 0 when there is nothing, 1 on errors."""

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that every verb takes."""

    namespace: Annotated[
        str | None,
        typer.Option("--namespace", "-n", help="Namespace of the resources; default: that of the context."),
    ] = None
    context: Annotated[str | None, typer.Option(help="Context of the kubeconfig; default: the current context.")] = None
    kubeconfig: Annotated[
        Path | None, typer.Option(help="Path of the kubeconfig; default: KUBECONFIG or ~/.kube/config.", dir_okay=False)
    ] = None
    server: Annotated[
        str | None,
        typer.Option(
            envvar=SERVER_VARIABLE,
            help="Address of `twotier serve`; default: through the API server.",
        ),
    ] = None
    installation: Annotated[
        str, typer.Option(envvar=INSTALLATION_VARIABLE, help="Namespace that TwoTier is installed in.")
    ] = INSTALLATION
    output: Annotated[Form, typer.Option("--output", "-o", help="Output format.")] = Form.TABLE


@dataclass(frozen=True)
class Session:
    """One run of a verb. Nothing is connected before it is needed."""

    options: Options = field(default_factory=Options)
    screen: Screen = field(default_factory=Screen.on_standard_output)
    """For the result."""
    notes: Screen = field(default_factory=Screen.on_standard_error)
    """For remarks beside the result."""

    @property
    def form(self) -> Form:
        """How to print the result."""
        return self.options.output

    @cached_property
    def connection(self) -> Connection:
        """The cluster, as the person who runs the verb."""
        return connect(self.options.kubeconfig, self.options.context)

    @cached_property
    def namespace(self) -> Namespace:
        """The namespace that the verb works in."""
        return Namespace(self.connection, self.options.namespace or self.connection.namespace)

    @cached_property
    def api(self) -> Api:
        """TwoTier's HTTP API."""
        return Api(self.connection, self.options.installation, self.options.server)

    def require_form(self, *forms: Form) -> None:
        """Refuse output formats that a verb does not support.

        Raises:
            CommandError: one of them was requested.
        """
        if self.form not in forms:
            raise not_printed(self.form, *forms)


def verb(function: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """Turn a function that takes a session into a Typer command that also has the options of every verb."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = list(inspect.signature(Options, eval_str=True).parameters.values())
    names = [each.name for each in fields(Options)]

    @functools.wraps(function)
    def command(**given: Any) -> None:
        options = Options(**{name: given.pop(name) for name in names})
        function(Session(options), **given)  # type: ignore[call-arg]  # Typer passes what the signature below names

    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*own, *shared)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect looks for
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    command.__doc__ = "\n\n".join(" ".join(each.split()) for each in paragraphs)  # Typer would keep our line breaks
    return command
