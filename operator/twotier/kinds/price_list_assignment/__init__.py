"""PriceListAssignment: which list a tenant's catalogue comes from, and how it is updated."""
