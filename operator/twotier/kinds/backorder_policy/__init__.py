"""BackorderPolicy: whether a tenant's sales are brought back to the distributor."""
