"""The temporary tables that an import works in, from the rows of files to what differs from the head."""
