"""Run the benchmarks and print one table: `python -m benchmarks [NAME ...]`; names select modules."""

import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Final

import benchmarks
from benchmarks.figure import Figure

HEADERS: Final = ("figure", "measured", "budget", "met", "compared with")


def main(names: Sequence[str]) -> int:
    """Measure and print; 1 if a budget is not met, 2 if a name is unknown."""
    known = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    if unknown := set(names) - set(known):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(_measuring(known))}")
        return 2
    figures = [figure for name in _measuring(names or known) for figure in _measured(name)]
    _print_table([HEADERS, *(_cells(figure) for figure in figures)])
    return 0 if all(figure.met for figure in figures) else 1


def _measuring(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name != "__main__" and hasattr(import_module(f"benchmarks.{name}"), "measure"):
            yield name


def _measured(name: str) -> Sequence[Figure]:
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    figures: Sequence[Figure] = import_module(f"benchmarks.{name}").measure()
    return figures


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{figure.value:,.2f} {figure.unit}",
        f"{figure.budget:,g} {figure.unit}",
        "yes" if figure.met else "NO",
        figure.comparison,
    )


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADERS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
