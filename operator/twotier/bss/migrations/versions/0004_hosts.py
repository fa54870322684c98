"""A host name belongs to one organisation of the installation, with everything below it if it is a base domain."""

from twotier.bss.migrations import run_files

revision = "0004"
down_revision = "0003"

FILES = ("hosts",)


def upgrade() -> None:
    run_files(revision, FILES)
