"""Conversations: contacts, participants, messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("identifier", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("identifier", name="uq_contact_identifier"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("key", name="uq_conversation_key"),
    )
    op.create_table(
        "participant",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_participant_conversation_id"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_participant_contact_id"),
        sa.UniqueConstraint(
            "conversation_id", "role", "name", name="uq_participant_conversation_id_role_name"
        ),
    )
    op.create_index("ix_participant_name", "participant", ["name"])
    op.create_table(
        "message",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("sender_id", Id, nullable=False),
        sa.Column("client_id", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_message_conversation_id"
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["participant.id"], name="fk_message_sender_id"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_message_conversation_id_seq"),
    )
    op.create_index(
        "ix_message_client_id_sender_id",
        "message",
        ["client_id", "sender_id"],
        unique=True,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
