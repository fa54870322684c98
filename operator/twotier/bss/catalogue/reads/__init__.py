"""Reads of a tenant's catalogue: pages and look-ups, the entries of a run, and why a value is what it is."""
