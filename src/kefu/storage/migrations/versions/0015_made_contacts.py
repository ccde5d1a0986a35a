"""The inbox in which the team made a contact."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    # op.add_column cannot give SQLite's ADD COLUMN its foreign key.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_contact_inbox_id REFERENCES inbox (id)"
    op.execute(f"ALTER TABLE contact ADD COLUMN inbox_id {kind} {reference}")
