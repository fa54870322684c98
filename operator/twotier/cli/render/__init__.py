"""How verbs present what they found: words, tables, colours, data."""
