"""Run by Alembic with the connection that `twotier.bss.administration` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="twotier", transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
