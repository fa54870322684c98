"""Why a run may not be made: one type for each reason."""

from dataclasses import dataclass

from twotier.bss.obstacle import Obstacle


@dataclass(frozen=True, slots=True)
class NoCatalogue(Obstacle):
    """There is nothing to update yet."""

    def __str__(self) -> str:
        return "the tenant has no catalogue yet: it gets the whole price list when it becomes active"


@dataclass(frozen=True, slots=True)
class HasCatalogue(Obstacle):
    """The first update is made once."""

    def __str__(self) -> str:
        return "the tenant already has a catalogue: only an update can change it"


@dataclass(frozen=True, slots=True)
class TenantNotActive(Obstacle):
    """Only an active tenant is updated (domain.md section 18.1)."""

    def __str__(self) -> str:
        return "the tenant is not active, and only an active one is updated"


@dataclass(frozen=True, slots=True)
class CatalogueMoved(Obstacle):
    """Another run came first.

    Attributes:
        planned_after: the newest run when it was planned.
        newest: the newest run now.
    """

    planned_after: int
    newest: int

    def __str__(self) -> str:
        return f"the catalogue has moved to run {self.newest} since it was planned after run {self.planned_after}"


@dataclass(frozen=True, slots=True)
class UnknownPlan(Obstacle):
    """No such plan of this tenant was ever shown."""

    def __str__(self) -> str:
        return "this tenant has no plan with this id"


@dataclass(frozen=True, slots=True)
class PlanOfAnotherTenant(Obstacle):
    """It is not said whose."""

    def __str__(self) -> str:
        return "it is a plan of another tenant"


@dataclass(frozen=True, slots=True)
class PlanApplied(Obstacle):
    """A plan is applied once."""

    run: int

    def __str__(self) -> str:
        return f"it was applied as run {self.run}"


@dataclass(frozen=True, slots=True)
class PlanOfUndo(Obstacle):
    """An undo is asked for by its run, and not by the id of its plan."""

    run: int

    def __str__(self) -> str:
        return f"it is the plan of an undo to run {self.run}, which is requested by the number of that run"


@dataclass(frozen=True, slots=True)
class PlanContradicted(Obstacle):
    """The plan no longer does what is declared; a newer revision of its list is no contradiction.

    Attributes:
        planned: what the plan does, such as "leads to price list retail".
        setting: what is declared otherwise, such as "price list".
        declared: the value of it.
    """

    planned: str
    setting: str
    declared: str

    def __str__(self) -> str:
        return f"it {self.planned}, and the declared {self.setting} is {self.declared}"


@dataclass(frozen=True, slots=True)
class RunHeldInForce(Obstacle):
    """While a restored run is declared, nothing newer is applied."""

    run: int

    def __str__(self) -> str:
        return f"the catalogue is restored to run {self.run}; nothing newer is applied while it is declared"


@dataclass(frozen=True, slots=True)
class NoApprovalNeeded(Obstacle):
    """Plans are applied without anybody's approval."""

    def __str__(self) -> str:
        return "its approval is Automatic: plans are applied without approval"


@dataclass(frozen=True, slots=True)
class NeverApplied(Obstacle):
    """Plans are shown only."""

    def __str__(self) -> str:
        return "its approval is Never: plans are shown and never applied"


@dataclass(frozen=True, slots=True)
class NoSuchRun(Obstacle):
    """The tenant has no run of this number."""

    run: int

    def __str__(self) -> str:
        return f"there is no run {self.run}"


@dataclass(frozen=True, slots=True)
class RunIsUndo(Obstacle):
    """An undo restores an update, and no other undo."""

    run: int
    restored: int

    def __str__(self) -> str:
        return f"run {self.run} is itself an undo to run {self.restored}"


@dataclass(frozen=True, slots=True)
class RunUndone(Obstacle):
    """A run that was undone no longer counts."""

    run: int
    undone_by: int

    def __str__(self) -> str:
        return f"run {self.run} was undone by run {self.undone_by}"


@dataclass(frozen=True, slots=True)
class NotRestorable(Obstacle):
    """An undo restores an update before the run in force that was not undone."""

    run: int

    def __str__(self) -> str:
        return f"run {self.run} cannot be restored: only an update before the one in force that was not undone can"


@dataclass(frozen=True, slots=True)
class RunInForce(Obstacle):
    """There is nothing to undo."""

    run: int

    def __str__(self) -> str:
        return f"run {self.run} is in force: there is nothing to undo"


class RunRefusedError(Exception):
    """The run was not made, and nothing was written. Look at the catalogue again, and decide anew."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(str(obstacle))
        self.obstacle = obstacle
