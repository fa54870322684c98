"""ResellerUpgrade: a lite reseller's customers and subscriptions move into its tenant."""
