"""Fields of an assignment that a verb sets, with the user's own permissions."""

from twotier.cli.client.cluster import CONFLICT, Namespace
from twotier.cli.client.connection import AnswerError, Json
from twotier.cli.client.tenants import Assignment
from twotier.cli.failure import CommandError
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT


def set_fields(namespace: Namespace, declared: Assignment, fields: Json, verb: str, *, force: bool) -> None:
    """Set fields of an assignment's spec in the cluster.

    Raises:
        CommandError: the API server refuses; if another manager owns a field, the message says which and what to do.
    """
    try:
        namespace.apply_spec(PRICE_LIST_ASSIGNMENT, declared.body, fields, verb, force=force)
    except AnswerError as error:
        if error.status != CONFLICT:
            raise CommandError(f"the cluster rejected the change: {error}") from error
        raise CommandError(
            f"another manager sets {' and '.join(f'spec.{name}' for name in fields)} of {declared.name} ({error}): "
            "change it there (--print shows the YAML), or take it over with --force"
        ) from error
