"""Offers end, and it is known who is there. An offer that stands begins anew."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OFFERED = "offer_until_ms IS NOT NULL"


def upgrade() -> None:
    op.add_column("agent", sa.Column("gone_ms", sa.BigInteger))
    op.add_column("agent", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("declined", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("conversation", sa.Column("offered_ms", sa.BigInteger))
    op.add_column("conversation", sa.Column("offer_until_ms", sa.BigInteger))
    op.create_index(
        "ix_conversation_offered",
        "conversation",
        ["offer_until_ms"],
        sqlite_where=sa.text(_OFFERED),
        postgresql_where=sa.text(_OFFERED),
    )
    now_ms = time.time_ns() // 1_000_000
    op.execute(
        sa.text(
            "UPDATE conversation SET offered_ms = :now, offer_until_ms = :now + 45000"
            " WHERE status = 'open' AND kind = 'desk' AND queued_ms IS NOT NULL"
        ).bindparams(sa.bindparam("now", now_ms, sa.BigInteger))
    )
