"""Where a tenant may go from where it is."""

import pytest

from twotier.bss.tenants.phases import Phase, PhaseRefusedError, Transition, phase_after

ALLOWED = {
    (Phase.IN_PROGRESS, Transition.ACTIVATE): Phase.ACTIVE,
    (Phase.ACTIVE, Transition.SUSPEND): Phase.SUSPENDED,
    (Phase.SUSPENDED, Transition.RESUME): Phase.ACTIVE,
    (Phase.IN_PROGRESS, Transition.MARK_DELETED): Phase.MARKED_AS_DELETED,
    (Phase.ACTIVE, Transition.MARK_DELETED): Phase.MARKED_AS_DELETED,
    (Phase.SUSPENDED, Transition.MARK_DELETED): Phase.MARKED_AS_DELETED,
    (Phase.MARKED_AS_DELETED, Transition.READOPT): Phase.ACTIVE,
    (Phase.MARKED_AS_DELETED, Transition.READOPT_UNFINISHED): Phase.IN_PROGRESS,
    # Being there already is no error
    (Phase.ACTIVE, Transition.ACTIVATE): Phase.ACTIVE,
    (Phase.ACTIVE, Transition.RESUME): Phase.ACTIVE,
    (Phase.ACTIVE, Transition.READOPT): Phase.ACTIVE,
    (Phase.IN_PROGRESS, Transition.READOPT_UNFINISHED): Phase.IN_PROGRESS,
    (Phase.SUSPENDED, Transition.SUSPEND): Phase.SUSPENDED,
    (Phase.MARKED_AS_DELETED, Transition.MARK_DELETED): Phase.MARKED_AS_DELETED,
}
EVERYTHING = [(phase, transition) for phase in Phase for transition in Transition]


@pytest.mark.parametrize(
    ("found", "transition"), EVERYTHING, ids=[f"{found} {transition}" for found, transition in EVERYTHING]
)
def test_a_tenant_that_is(found: Phase, transition: Transition) -> None:
    if (found, transition) in ALLOWED:
        assert phase_after(transition, found) is ALLOWED[found, transition]
    else:
        with pytest.raises(PhaseRefusedError, match=f"a tenant that is {found} cannot be {transition}: it must be "):
            phase_after(transition, found)
