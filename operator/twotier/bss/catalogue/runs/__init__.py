"""The runs of a tenant's catalogue: updates and undos, what they would change, and the log of them."""
