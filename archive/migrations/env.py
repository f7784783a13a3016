"""Run by Alembic: migrates over the connection `archive.migrations` hands in."""

from alembic import context

from archive.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
