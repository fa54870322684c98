"""The first schema: organizations, price lists, catalogues, tenants, isolated from the start."""

from twotier.bss.migrations import run_files

revision = "0001"
down_revision = None

FILES = (
    "foundation",
    "country",
    "organization",
    "price_list",
    "catalogue",
    "tenant",
)


def upgrade() -> None:
    run_files(revision, FILES)
