"""What makes updates of catalogues trustworthy: held revisions, stored plans, owners of fields, and the whole log."""

from twotier.bss.migrations import run_files

revision = "0002"
down_revision = "0001"

FILES = ("viewer", "price_list", "plans", "catalogue", "ownership")


def upgrade() -> None:
    run_files(revision, FILES)
