"""What each of the team has read, and the notes that name them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column(
        "conversation",
        sa.Column("contact_messages", sa.Integer, nullable=False, server_default="0"),
    )
    op.execute(
        """
        UPDATE conversation SET contact_messages = (
            SELECT count(*) FROM message JOIN participant ON participant.id = message.sender_id
            WHERE message.conversation_id = conversation.id AND participant.role = 'visitor'
            AND message.type = 'message' AND message.private = 0
        )
        """
    )
    op.create_table(
        "read_mark",
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_read_mark_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_read_mark_conversation_id",
        ),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", name="pk_read_mark"),
    )
    op.create_table(
        "mention",
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("read_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_mention_agent_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_mention_message_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_mention_conversation_id",
        ),
        sa.PrimaryKeyConstraint("agent_id", "message_id", name="pk_mention"),
    )
    op.create_index("ix_mention_message_id", "mention", ["message_id"])
    unread = sa.text("read_ms IS NULL")
    op.create_index(
        "ix_mention_unread",
        "mention",
        ["agent_id", "conversation_id"],
        sqlite_where=unread,
        postgresql_where=unread,
    )
