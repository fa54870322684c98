"""From the files of a price list to rows: parsed, and judged by their shape alone. Pure, without a database."""
