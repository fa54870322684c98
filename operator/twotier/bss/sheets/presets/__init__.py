"""Formats that price lists come in, ready to be named."""
