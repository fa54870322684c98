"""The administrator's credentials: where they are kept, and when to look for them."""
