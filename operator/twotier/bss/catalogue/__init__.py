"""A tenant's inherited catalogue: updates, plans, the reseller's overrides, and reads."""
