"""Saved views, tags as things of their own, and counts by one index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INDEX = "ix_conversation_live"
LIVE = sa.text("status <> 'resolved'")
NAMES = {
    "sqlite": "SELECT value FROM {table}, json_each({table}.tags)",
    "postgresql": "SELECT value FROM {table},"
    " json_array_elements_text({table}.tags::json) AS value",
}


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("filter", sa.Text, nullable=False),
        sa.Column("sort", sa.Text, nullable=False),
        sa.Column("shared", sa.Integer, server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_saved_view_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_agent_id", "saved_view", ["agent_id"])
    op.create_table(
        "tag",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("color", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
    )
    names = NAMES[op.get_bind().dialect.name]
    used = " UNION ".join(names.format(table=table) for table in ("conversation", "contact"))
    op.execute(f"INSERT INTO tag (name) SELECT value FROM ({used}) AS used ORDER BY value")  # noqa: S608
    op.drop_index(INDEX, "conversation")
    op.create_index(
        INDEX,
        "conversation",
        ["status", "inbox_id", "kind", "assignee_id", "team_id"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
