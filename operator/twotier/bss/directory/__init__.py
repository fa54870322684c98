"""Where people look things up: tenants and price lists of a distributor, by the names that they know."""
