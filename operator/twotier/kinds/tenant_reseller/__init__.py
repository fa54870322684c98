"""TenantReseller: a reseller with an organisation of his own."""
