"""Specs of resources in the terms of a rehearsal: read as the operator reads them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from twotier.bss.catalogue.runs.updates import Mode
from twotier.bss.dry_run import DeclarationRefusedError, DeclaredAssignment, DeclaredList
from twotier.bss.price_lists.declaring import PriceListDeclaration
from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.guards import guards_of
from twotier.kinds.price_list.translate import format_of
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.schema.spec import Spec
from twotier.runtime.outcome import Stalled

Declared = TypeVar("Declared", bound=Spec)


def declared_list(name: str, spec: Mapping[str, Any], parts: Sequence[Part]) -> DeclaredList:
    """Return a PriceList as its spec declares it.

    Args:
        name: of the PriceList.
        spec: as JSON.
        parts: the files of its source.

    Raises:
        DeclarationRefusedError: the operator would not take such a spec.
    """
    resource = f"PriceList {name}"
    declared = _read(PriceListSpec, resource, spec)
    try:
        how = format_of(declared)
    except Stalled as stalled:
        raise DeclarationRefusedError(f"{resource}: {stalled}") from stalled
    return DeclaredList(
        PriceListDeclaration(name, declared.currency, declared.active, declared.valid_from, declared.valid_until),
        parts,
        how,
        guards_of(declared.guards),
        declared.accepted_digest,
    )


def declared_assignment(account: str, spec: Mapping[str, Any]) -> DeclaredAssignment:
    """Return what the spec of a PriceListAssignment declares for the tenant of an account.

    Raises:
        DeclarationRefusedError: the operator would not take such a spec.
    """
    declared = _read(PriceListAssignmentSpec, f"PriceListAssignment of account {account}", spec)
    return DeclaredAssignment(
        account=account,
        price_list=declared.price_list,
        mode=Mode(declared.mode),
        sell_prices=declared.sell_prices,
        names=declared.names,
        revision=declared.revision,
        restore_run=declared.restore_run,
    )


def _read(model: type[Declared], resource: str, spec: Mapping[str, Any]) -> Declared:
    try:
        return model.model_validate(spec)
    except ValidationError as error:
        faults = (f"spec.{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise DeclarationRefusedError(f"{resource}: correct {'; '.join(faults)}") from error
