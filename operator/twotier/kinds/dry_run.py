"""Specs of resources in the terms of a dry run: read as the operator reads them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from twotier.bss.catalogue.runs.assignment import Assignment, TenantName
from twotier.bss.dry_run import DeclarationRefusedError, DeclaredList
from twotier.bss.price_lists.declaring import PriceListDeclaration
from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.translate import format_of, guards_of
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.translate import assignment_of
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
        DeclarationRefusedError: the operator would refuse such a spec.
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


def declared_assignment(tenant: TenantName, spec: Mapping[str, Any]) -> Assignment:
    """Return what the spec of a PriceListAssignment declares for a tenant.

    Raises:
        DeclarationRefusedError: the operator would refuse such a spec.
    """
    declared = _read(PriceListAssignmentSpec, f"PriceListAssignment of account {tenant.account}", spec)
    return assignment_of(declared, tenant)


def _read(model: type[Declared], resource: str, spec: Mapping[str, Any]) -> Declared:
    try:
        return model.model_validate(spec)
    except ValidationError as error:
        faults = (f"spec.{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise DeclarationRefusedError(f"{resource}: correct {'; '.join(faults)}") from error
