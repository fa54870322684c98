"""Releases that come after this one, made up: a step more of the tables, or other routines."""

import shutil
from dataclasses import replace
from pathlib import Path

from twotier.bss.migrations.release import Release, this_release

NEXT = "9999"
STEP = f"""
from twotier.bss.migrations import run_files

revision = "{NEXT}"
down_revision = "{this_release().versions[0]}"


def upgrade() -> None:
    run_files(revision, ["novelty"])
"""
# Of the columns that routines read, one is changed.
TABLES = """
create table novelty (organization_id uuid primary key references organization, value integer not null);
call isolate('novelty');
alter table offer alter price type numeric(40, 18);
insert into novelty select id, 7 from organization where root_id is null;
"""
ROUTINE = """
create view novelties with (security_invoker) as select n.organization_id, n.value from novelty n;
grant select on novelty, novelties to twotier_operator;
"""


def with_a_table(folder: Path, program: str = "9.0.0") -> Release:
    """Return a release with a table more, and a routine that reads it."""
    release = _copy(folder, program)
    (release.folder / "versions" / f"{NEXT}_novelty.py").write_text(STEP, encoding="utf-8")
    (release.folder / "versions" / NEXT).mkdir()
    (release.folder / "versions" / NEXT / "novelty.sql").write_text(TABLES, encoding="utf-8")
    (release.folder / "routines" / "novelty.sql").write_text(ROUTINE, encoding="utf-8")
    return replace(release, routines=(*release.routines, "novelty"))


def with_another_routine(folder: Path, program: str = "9.0.0") -> Release:
    """Return a release with the same tables, and one routine that does something else."""
    release = _copy(folder, program)
    routine = release.folder / "routines" / "price_list.sql"
    given = routine.read_text(encoding="utf-8")
    routine.write_text(given.replace("'out-of-range'", "'far-too-much'"), encoding="utf-8")
    return release


def _copy(folder: Path, program: str) -> Release:
    release = this_release()
    return replace(release, folder=shutil.copytree(release.folder, folder / "migrations"), program=program)
