"""The HTTP API over the BSS."""
