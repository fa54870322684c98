"""A tenant's inherited catalogue: updates, plans, the reseller's own values, and reads."""
