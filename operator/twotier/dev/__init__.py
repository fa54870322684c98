"""The embedded control plane and PostgreSQL, and the demo that runs on them."""
