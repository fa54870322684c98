"""How what a verb found is told: words, tables, colours, data."""
