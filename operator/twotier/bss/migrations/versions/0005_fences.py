"""Fences that only their own processes hold, and what a tenant's session writes is written by functions alone."""

from twotier.bss.migrations import run_files

revision = "0005"
down_revision = "0004"

FILES = ("fences", "rights", "writing", "hosts")


def upgrade() -> None:
    run_files(revision, FILES)
