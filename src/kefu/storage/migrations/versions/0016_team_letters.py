"""Letters to those of the team: to whom, and up to which entry one tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    # As op.add_column, which cannot give SQLite's ADD COLUMN its foreign key.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    refers = "CONSTRAINT fk_letter_agent_id REFERENCES agent (id)"
    op.execute(f"ALTER TABLE letter ADD COLUMN agent_id {kind} {refers}")
    op.execute(f"ALTER TABLE letter ADD COLUMN told_id {kind}")
    op.create_index(
        "ix_letter_agent_id",
        "letter",
        ["agent_id"],
        sqlite_where=sa.text("agent_id IS NOT NULL"),
        postgresql_where=sa.text("agent_id IS NOT NULL"),
    )
