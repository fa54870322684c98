"""Distributor: the root organisation."""
