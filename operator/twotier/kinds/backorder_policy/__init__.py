"""BackorderPolicy: whether a tenant's sales are reported back to the distributor."""
