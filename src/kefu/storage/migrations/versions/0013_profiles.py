"""What each of the team prefers, and their pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    for name, *columns in (
        ("preferences", sa.Column("json", sa.Text, nullable=False)),
        (
            "avatar",
            sa.Column("storage_key", sa.Text, nullable=False),
            sa.Column("size", sa.Integer, nullable=False),
            sa.Column("sha256", sa.Text, nullable=False),
            sa.UniqueConstraint("storage_key", name="uq_avatar_storage_key"),
        ),
    ):
        op.create_table(
            name,
            sa.Column("agent_id", Id, autoincrement=False, nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=f"fk_{name}_agent_id"),
            sa.PrimaryKeyConstraint("agent_id", name=f"pk_{name}"),
        )
