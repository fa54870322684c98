"""Routines are loaded apart from the tables, and what leaves a database is known by keys that hold in any other."""

from twotier.bss.migrations import run_files

revision = "0003"
down_revision = "0002"

FILES = ("routines", "price_list", "catalogue")


def upgrade() -> None:
    run_files(revision, FILES)
