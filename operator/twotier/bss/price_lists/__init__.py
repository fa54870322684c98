"""Price lists: how files are read, imported as revisions, and compared."""
