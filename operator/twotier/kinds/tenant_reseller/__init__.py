"""TenantReseller: a reseller with an organisation of its own."""
