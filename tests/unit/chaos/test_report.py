"""What is told of a run."""

from tests.chaos.edits import Edit
from tests.chaos.report import Tally, Violation

TOLD = """\
a run

fault           times  edits meanwhile  violations
leader killed       2                1           1
sessions ended      1                0           0

edit            times  refused  violations
tenant              2        1           1
tenant deleted      1        0           0

not tried here: disk full
3 edits (1 refused by the API server), 3 faults, 1 violations

violation 1
chaos-1: TenantReseller contoso is not deleted
  found:    False InvalidSpec
  expected: gone
  after:    tenant; tenant
  under:    leader killed"""


def test_a_run_is_told_by_fault_and_edit_and_each_violation_with_what_led_to_it() -> None:
    tally = Tally(skipped=("disk full",))
    tenant, deleted = (Edit(what, ("TenantReseller", "contoso"), None) for what in ("tenant", "tenant deleted"))
    tally.count_edit(tenant, refused=False)
    tally.count_edit(tenant, refused=True)
    tally.count_edit(deleted, refused=False)
    tally.edits_under["leader killed"] += 1
    tally.faults.update({"leader killed": 2, "sessions ended": 1})
    what = "TenantReseller contoso is not deleted"
    tally.violations.append(
        Violation("chaos-1", what, "False InvalidSpec", "gone", ("tenant", "tenant"), ("leader killed",))
    )
    assert tally.told("a run") == TOLD
