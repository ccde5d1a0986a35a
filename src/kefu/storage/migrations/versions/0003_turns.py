"""The queue's order: by the entry that queued a conversation, not by the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INDEX = "ix_conversation_queue"
QUEUED = sa.text("status = 'queued' AND kind = 'desk'")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("queued_id", Id))
    # The entry that queued it has the very time. One whose place is older than what says so, or
    # without such an entry, is placed by its first.
    op.execute(
        """
        UPDATE conversation SET queued_id = coalesce(
            (SELECT max(message.id) FROM message
             WHERE message.conversation_id = conversation.id
             AND message.type = 'activity' AND message.sent_ms = conversation.queued_ms),
            (SELECT message.id FROM message
             WHERE message.conversation_id = conversation.id AND message.seq = 1),
            0)
        WHERE queued_ms IS NOT NULL
        """
    )
    op.drop_index(INDEX, "conversation")
    op.create_index(
        INDEX,
        "conversation",
        ["queued_id", "id"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )
