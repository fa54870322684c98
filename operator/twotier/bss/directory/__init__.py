"""Look-ups for people: tenants and price lists of a distributor, by the names that they know."""
