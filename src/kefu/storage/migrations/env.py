"""What Alembic runs for each command: the caller's connection, in the caller's transaction."""

from __future__ import annotations

from alembic import context

from kefu.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
