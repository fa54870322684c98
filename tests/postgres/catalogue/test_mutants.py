"""The law's test is worth what it catches: each easy mistake, put into the definition, must fail its sequence."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from tests.postgres.catalogue.sequences import FOUND
from tests.postgres.catalogue.world import play

from twotier.bss.catalogue.runs.updates import Mode, Request, Run, Update, write_update


@dataclass(frozen=True)
class Mutant:
    """A mistake in a function of the database, and the sequence that shows it."""

    function: str
    right: str
    wrong: str
    sequence: str


MUTANTS: Final = {
    "a cost pin alone, and the structure's cost without it": Mutant(
        "inherited_catalogue",
        "else costed.cost end",
        "else s.price end",
        "an offer that vanished keeps the cost of the last update that contained it",
    ),
    "in the sell pin's revision, taken for known to the tenant then": Mutant(
        "inherited_catalogue",
        "(p.sell_known_list is null or xk.sku is not null)",
        "true",
        "a partial update with sell prices sees an offer that arrives only later",
    ),
    "the structure's price instead of the arrival's": Mutant(
        "inherited_catalogue",
        "else sold.sell_price end",
        "else s.recommended_sell_price end",
        "an offer that arrived without the option keeps the price of its arrival",
    ),
    "undone runs count": Mutant(
        "runs_of",
        "and (u.undone_by is null or u.undone_by > p.as_of)",
        "",
        "an undone arrival is none",
    ),
    "what comes back arrives anew": Mutant(
        "sell_price_in_history",
        "min(e.number) filter (where e.is_full)",
        "max(e.number) filter (where e.is_full)",
        "an offer is gone and back, with its earlier price",
    ),
    "revisions of two lists are taken for each other": Mutant(
        "covers",
        "((of_list = list) AND (of_from <= revision)",
        "((of_from <= revision)",
        "a switch and back",
    ),
    "what only an earlier list had is forgotten": Mutant(
        "inherited_gone",
        "and x.price_list_id in (select e.price_list_id",
        "and x.price_list_id in (select p.structure_list",
        "a switch discontinues what the other list has not",
    ),
    "a discontinued offer keeps its cost for ever": Mutant(
        "cost_in_history",
        "and e.number >= p_since",
        "and e.number = p_since",
        "a partial update writes the cost of a discontinued offer",
    ),
    "own prices outlive the option": Mutant(
        "own_price",
        "where o.version > p_watermark and",
        "where",
        "an own price is displaced, and back after an undo",
    ),
    "a removal uncovers the value before it": Mutant(
        "own_price",
        "order by v.version desc limit 1",
        "and num_nonnulls(v.sell_price, v.margin_percent) > 0 order by v.version desc limit 1",
        "an own price that was taken away does not come back",
    ),
    "an update writes the category": Mutant(
        "inherited_catalogue",
        "when f.sku is not null then f.category",
        "when f.sku is not null then q.category",
        "the category is the reseller's after the arrival",
    ),
    "the list's name of today for a product that arrived later": Mutant(
        "inherited_catalogue",
        "else resolved.name end",
        "else q.name end",
        "a product that arrived without the option keeps the name of its arrival",
    ),
    "the option for sell prices displaces names": Mutant(
        "with_overridden_fields",
        "o.version > p.names_watermark",
        "o.version > greatest(p.names_watermark, p.sell_watermark)",
        "a name is displaced by the option for names alone",
    ),
    "later runs count in the past": Mutant(
        "runs_of",
        "and u.number <= p.as_of",
        "",
        "a partial update writes the cost of a discontinued offer",
    ),
    "what an undo took back is gone from the past as well": Mutant(
        "runs_of",
        "and (u.undone_by is null or u.undone_by > p.as_of)",
        "and u.undone_by is null",
        "what was undone counts in the past",
    ),
    "own prices count before they are set": Mutant(
        "own_price",
        "and v.version <= p.last_override",
        "",
        "an own price does not count before it was set",
    ),
    "what an undo takes away is called discontinued": Mutant(
        "changes_of_undo",
        "then 'removed'",
        "then 'discontinued'",
        "an undone arrival is none",
    ),
    "a new unit is announced with the list's name": Mutant(
        "inherited_after",
        "AND (known_name IS NULL)",
        "",
        "a new unit takes the name and the category of its product",
    ),
    "a displaced name is no entry": Mutant(
        "overrides_between",
        "n.name\n        from",
        "null\n        from",
        "an own name that was displaced is back after an undo and not before",
    ),
    "a component counts in any unit": Mutant(
        "components_published",
        "s.unit <> p_unit",
        "false",
        "a bundle is shown with all that is in it in its unit",
    ),
    "a bundle is shown without what is in its component": Mutant(
        "components_published",
        "r.sku = inside.sku",
        "r.sku = inside.sku and false",
        "a bundle is shown with all that is in it in its unit",
    ),
    "a changed quantity is no change": Mutant(
        "relations_changed",
        "or o.quantity is distinct from n.quantity",
        "",
        "a relation changes in its quantity",
    ),
    "a product stands still with its discontinued unit": Mutant(
        "inherited_gone",
        "where e.is_full and x.sku = g.sku\n    order by",
        "where e.is_full and x.sku = g.sku and e.number <= seen.number\n    order by",
        "a product lives on in another unit and goes on changing",
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_law_fails_when(mutant: Mutant, engine: Engine) -> None:
    with engine.begin() as connection:
        _replace(connection, mutant)
        with pytest.raises(AssertionError):
            play(connection, FOUND[mutant.sequence])


def _undo_by_appending(
    connection: Connection, organization_id: UUID, run: int, request: Request, *, expected_newest: int
) -> Run:
    earlier = connection.execute(
        text("select price_list_id, revision from catalogue_update where organization_id = :id and number = :run"),
        {"id": organization_id, "run": run},
    ).one()
    return write_update(
        connection,
        organization_id,
        Update(earlier.price_list_id, earlier.revision, Mode.FULL),
        request,
        expected_newest=expected_newest,
    )


def test_the_law_fails_when_an_undo_appends_the_earlier_revision_again(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(AssertionError):
        play(connection, FOUND["an undo takes back an option as well"], undo_use_case=_undo_by_appending)


def _replace(connection: Connection, mutant: Mutant) -> None:
    connection.execute(text("set local role none"))
    found = text("select pg_get_functiondef(to_regproc(:name))")
    definition = connection.execute(found, {"name": f"twotier.{mutant.function}"}).scalar_one()
    assert definition.count(mutant.right) == 1
    connection.exec_driver_sql(definition.replace(mutant.right, mutant.wrong))
