"""The business in PostgreSQL: schema, migrations and use cases. Knows nothing of Kubernetes."""
