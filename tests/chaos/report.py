"""What is told of a run: each violation so that a person can act on it, and how often was done what."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.chaos.edits import Edit

LAST_EDITS: Final = 6


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is not as it should be.

    Attributes:
        where: the namespace; the operators, where it is theirs.
        what: what is wrong, and with what.
        found: how it is.
        expected: how it should be.
        edits: what was last done to the resource, or in the namespace.
        faults: what struck since the round began, or around the time.
    """

    where: str
    what: str
    found: str
    expected: str
    edits: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def told(self) -> str:
        """Return it in some lines."""
        lines = [f"{self.where}: {self.what}", f"  found:    {self.found}", f"  expected: {self.expected}"]
        if self.edits:
            lines.append(f"  after:    {'; '.join(self.edits)}")
        if self.faults:
            lines.append(f"  under:    {'; '.join(self.faults)}")
        return "\n".join(lines)


@dataclass
class Tally:
    """What was done so far, and what came of it."""

    edits: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    edits_under: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    skipped: tuple[str, ...] = ()

    def count_edit(self, edit: Edit, *, refused: bool) -> None:
        """Note an edit that the API server took, or refused."""
        self.edits[edit.what] += 1
        self.refused[edit.what] += refused

    def told(self, heading: str) -> str:
        """Return all of it, as text."""
        parts = [heading, "", *_table(self._faults()), "", *_table(self._edits()), ""]
        parts += [f"not tried here: {each}" for each in self.skipped]
        parts.append(
            f"{sum(self.edits.values())} edits ({sum(self.refused.values())} refused by the API server), "
            f"{sum(self.faults.values())} faults, {len(self.violations)} violations"
        )
        parts += [f"\nviolation {number}\n{each.told()}" for number, each in enumerate(self.violations, 1)]
        return "\n".join(parts)

    def _faults(self) -> Iterator[tuple[str, ...]]:
        yield "fault", "times", "edits meanwhile", "violations"
        broken = _times(each.faults for each in self.violations)
        for fault, times in sorted(self.faults.items()):
            yield fault, str(times), str(self.edits_under[fault]), str(broken[fault])

    def _edits(self) -> Iterator[tuple[str, ...]]:
        yield "edit", "times", "refused", "violations"
        broken = _times(each.edits for each in self.violations)
        for edit, times in sorted(self.edits.items()):
            yield edit, str(times), str(self.refused[edit]), str(broken[edit])


def _times(each: Iterable[Iterable[str]]) -> Mapping[str, int]:
    return Counter(word for words in each for word in set(words))


def _table(rows: Iterable[tuple[str, ...]]) -> Sequence[str]:
    known = list(rows)
    widths = [max(map(len, column)) for column in zip(*known, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if first else cell.rjust(width)
            for first, (cell, width) in zip((True, *[False] * len(row)), zip(row, widths, strict=True), strict=False)
        ).rstrip()
        for row in known
    ]
