"""PriceList: prices from a source, kept as revisions."""
