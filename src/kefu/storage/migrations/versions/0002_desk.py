"""The desk: inboxes, agents, the timeline, files, the outbox."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _make_tables_1()
    _make_tables_2()
    _make_tables_3()
    _make_tables_4()
    _make_tables_5()
    _make_tables_6()
    _make_tables_7()
    _widen_contacts()
    _widen_conversations()
    _widen_timeline()
    _make_search()
    _fill()


def _make_tables_1() -> None:
    op.create_table(
        "agent",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("classic_name", sa.Text),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("active", sa.Integer, server_default="1", nullable=False),
        sa.Column("availability", sa.Text, server_default="offline", nullable=False),
        sa.Column("chat_limit", sa.Integer, server_default="5", nullable=False),
        sa.Column("skills", sa.Text, server_default="[]", nullable=False),
        sa.Column("languages", sa.Text, server_default="[]", nullable=False),
        sa.Column("assigned_ms", sa.BigInteger),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
        sa.UniqueConstraint("classic_name", name="uq_agent_classic_name"),
        sa.UniqueConstraint("email", name="uq_agent_email"),
        sa.UniqueConstraint("name", name="uq_agent_name"),
    )
    op.create_table(
        "answer",
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_answer"),
    )
    op.create_index("ix_answer_at_ms", "answer", ["at_ms"])
    op.create_table(
        "audit",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("details", sa.Text, server_default="{}", nullable=False),
        sa.Column("address", sa.Text, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "consumer",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("last_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_consumer"),
    )
    op.create_table(
        "store",
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
    )


def _make_tables_2() -> None:
    op.create_table(
        "team",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger),
        sa.Column("used_ms", sa.BigInteger),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_api_token_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_token_agent_id", "api_token", ["agent_id"])
    op.create_table(
        "inbox",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("widget_key", sa.Text),
        sa.Column("settings", sa.Text, server_default="{}", nullable=False),
        sa.Column("team_id", Id),
        sa.Column("bot_id", Id),
        sa.Column("active", sa.Integer, server_default="1", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["agent.id"], name="fk_inbox_bot_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_inbox_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("name", name="uq_inbox_name"),
        sa.UniqueConstraint("widget_key", name="uq_inbox_widget_key"),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("agent_id", Id),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_one_time_link_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_link"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_link_token_hash"),
    )


def _make_tables_3() -> None:
    op.create_table(
        "session",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, server_default="", nullable=False),
        sa.Column("user_agent", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_session_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_agent_id", "session", ["agent_id"])
    op.create_table(
        "team_agent",
        sa.Column("team_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_team_agent_agent_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_agent_team_id"),
        sa.PrimaryKeyConstraint("team_id", "agent_id", name="pk_team_agent"),
    )
    op.create_table(
        "canned_response",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("shortcut", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("inbox_id", Id),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_canned_response_inbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_response"),
        sa.UniqueConstraint("shortcut", name="uq_canned_response_shortcut"),
    )
    op.create_table(
        "device",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("inbox_id", Id, nullable=False),
        sa.Column("verified", sa.Integer, server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_device_contact_id"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_device_inbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("token_hash", name="uq_device_token_hash"),
    )
    op.create_index("ix_device_contact_id", "device", ["contact_id"])


def _make_tables_4() -> None:
    op.create_table(
        "identity_key",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("inbox_id", Id, nullable=False),
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_identity_key_inbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_key"),
        sa.UniqueConstraint("inbox_id", "kid", name="uq_identity_key_inbox_id_kid"),
    )
    op.create_table(
        "inbox_agent",
        sa.Column("inbox_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_inbox_agent_agent_id"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_inbox_agent_inbox_id"),
        sa.PrimaryKeyConstraint("inbox_id", "agent_id", name="pk_inbox_agent"),
    )
    op.create_table(
        "webhook",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secrets", sa.Text, nullable=False),
        sa.Column("events", sa.Text, server_default="[]", nullable=False),
        sa.Column("inbox_id", Id),
        sa.Column("bot_id", Id),
        sa.Column("active", sa.Integer, server_default="1", nullable=False),
        sa.Column("last_id", Id, nullable=False),
        sa.Column("breaker", sa.Text, server_default="{}", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_webhook_inbox_id"),
        sa.ForeignKeyConstraint(["bot_id"], ["agent.id"], name="fk_webhook_bot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_table(
        "declined",
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_declined_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_declined_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name="pk_declined"),
    )


def _make_tables_5() -> None:
    op.create_table(
        "file",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("inbox_id", Id, nullable=False),
        sa.Column("conversation_id", Id),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("storage_key", sa.Text, nullable=False),
        sa.Column("preview_key", sa.Text),
        sa.Column("preview_size", sa.Integer),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_file_conversation_id"
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_file_inbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint("preview_key", name="uq_file_preview_key"),
        sa.UniqueConstraint("storage_key", name="uq_file_storage_key"),
    )
    op.create_index("ix_file_conversation_id", "file", ["conversation_id"])
    op.create_table(
        "letter",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("after_seq", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("next_ms", sa.BigInteger),
        sa.Column("done_ms", sa.BigInteger),
        sa.Column("fault", sa.Text),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_letter_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_next_ms", "letter", ["next_ms"])
    op.create_index("ix_letter_conversation_id", "letter", ["conversation_id"])
    op.create_index("ix_letter_recipient", "letter", ["recipient"])
    op.create_table(
        "chat_link",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_chat_link_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_chat_link"),
        sa.UniqueConstraint("token_hash", name="uq_chat_link_token_hash"),
    )
    op.create_index("ix_chat_link_expires_ms", "chat_link", ["expires_ms"])
    op.create_table(
        "rating",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("agent_id", Id),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, server_default="", nullable=False),
        sa.Column("rated_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_rating_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_rating_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
        sa.UniqueConstraint("conversation_id", name="uq_rating_conversation_id"),
    )


def _make_tables_6() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("webhook_id", Id, nullable=False),
        sa.Column("message_id", Id),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("begun_ms", sa.BigInteger, nullable=False),
        sa.Column("next_ms", sa.BigInteger),
        sa.Column("tried_ms", sa.BigInteger),
        sa.Column("done_ms", sa.BigInteger),
        sa.Column("status", sa.Integer),
        sa.Column("fault", sa.Text),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_id"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_delivery_webhook_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )
    op.create_index(
        "ix_delivery_webhook_id_next_ms_id", "delivery", ["webhook_id", "next_ms", "id"]
    )
    op.create_index("ix_delivery_webhook_id_id", "delivery", ["webhook_id", "id"])
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["webhook_id", "id"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
    op.create_table(
        "message_version",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_message_version_message_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_version"),
    )
    op.create_index("ix_message_version_message_id", "message_version", ["message_id"])


def _make_tables_7() -> None:
    op.create_table(
        "login_attempt",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_at_ms", "login_attempt", ["at_ms"])
    op.create_index("ix_login_attempt_key_at_ms", "login_attempt", ["key", "at_ms"])
    op.create_table(
        "revocation",
        sa.Column("id", Id, sa.Identity(), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revocation"),
    )


def _widen_contacts() -> None:
    op.add_column("contact", sa.Column("email", sa.Text))
    op.add_column("contact", sa.Column("phone", sa.Text))
    op.add_column("contact", sa.Column("locale", sa.Text))
    op.add_column("contact", sa.Column("attributes", sa.Text, server_default="{}", nullable=False))
    op.add_column("contact", sa.Column("tags", sa.Text, server_default="[]", nullable=False))
    op.add_column("contact", sa.Column("seen_ms", sa.BigInteger))
    op.add_column("contact", sa.Column("blocked_ms", sa.BigInteger))
    _add_reference("contact", "merged_into_id", "contact")
    op.add_column("contact", sa.Column("indexed", sa.Integer, server_default="0", nullable=False))
    op.create_index("ix_contact_email", "contact", ["email"])
    op.create_index(
        "ix_contact_unindexed",
        "contact",
        ["id"],
        sqlite_where=sa.text("indexed = 0"),
        postgresql_where=sa.text("indexed = 0"),
    )


def _widen_conversations() -> None:
    _add_reference("conversation", "inbox_id", "inbox")
    _add_reference("conversation", "contact_id", "contact")
    op.add_column("conversation", sa.Column("status", sa.Text))
    _add_reference("conversation", "assignee_id", "agent")
    _add_reference("conversation", "team_id", "team")
    op.add_column(
        "conversation", sa.Column("priority", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column("conversation", sa.Column("tags", sa.Text, server_default="[]", nullable=False))
    op.add_column(
        "conversation", sa.Column("attributes", sa.Text, server_default="{}", nullable=False)
    )
    op.add_column("conversation", sa.Column("about", sa.Text, server_default="{}", nullable=False))
    op.add_column(
        "conversation", sa.Column("rating", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "conversation", sa.Column("last_public_seq", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "conversation",
        sa.Column("last_message_seq", sa.Integer, server_default="0", nullable=False),
    )
    op.add_column("conversation", sa.Column("last_id", Id, server_default="0", nullable=False))
    op.add_column(
        "conversation", sa.Column("team_unread", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "conversation", sa.Column("contact_unread", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "conversation", sa.Column("team_read_seq", sa.Integer, server_default="0", nullable=False)
    )
    op.add_column(
        "conversation",
        sa.Column("contact_read_seq", sa.Integer, server_default="0", nullable=False),
    )
    op.add_column(
        "conversation",
        sa.Column("team_delivered_seq", sa.Integer, server_default="0", nullable=False),
    )
    op.add_column(
        "conversation",
        sa.Column("contact_delivered_seq", sa.Integer, server_default="0", nullable=False),
    )
    op.add_column("conversation", sa.Column("waiting_ms", sa.BigInteger))
    op.add_column("conversation", sa.Column("queued_ms", sa.BigInteger))
    op.add_column("conversation", sa.Column("snoozed_until_ms", sa.BigInteger))
    op.add_column("conversation", sa.Column("reopen_until_ms", sa.BigInteger))
    op.create_index("ix_conversation_contact_id", "conversation", ["contact_id"])
    op.create_index(
        "ix_conversation_live",
        "conversation",
        ["status", "inbox_id"],
        sqlite_where=sa.text("status <> 'resolved'"),
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.create_index(
        "ix_conversation_resolved",
        "conversation",
        ["last_id"],
        sqlite_where=sa.text("status = 'resolved'"),
        postgresql_where=sa.text("status = 'resolved'"),
    )
    for name, columns, which in (
        ("queue", ["queued_ms", "id"], "status = 'queued' AND kind = 'desk'"),
        ("open", ["assignee_id"], "status = 'open'"),
        ("snoozed", ["snoozed_until_ms"], "status = 'snoozed'"),
    ):
        op.create_index(
            f"ix_conversation_{name}",
            "conversation",
            columns,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )


def _widen_timeline() -> None:
    op.add_column("message", sa.Column("type", sa.Text, server_default="message", nullable=False))
    op.add_column("message", sa.Column("private", sa.Integer, server_default="0", nullable=False))
    op.add_column("message", sa.Column("about_seq", sa.Integer))
    op.add_column("message", sa.Column("body", sa.Text))
    op.add_column("message", sa.Column("edited_ms", sa.BigInteger))
    op.add_column("message", sa.Column("deleted_ms", sa.BigInteger))
    _add_reference("participant", "agent_id", "agent")
    op.create_index(
        "ix_participant_agent_id",
        "participant",
        ["agent_id", "conversation_id"],
        unique=True,
        sqlite_where=sa.text("agent_id IS NOT NULL"),
        postgresql_where=sa.text("agent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_participant_contact_id",
        "participant",
        ["contact_id", "conversation_id"],
        unique=True,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )


def _make_search() -> None:
    """One row of tokens per message and per contact; see ``kefu.storage.search``."""
    for name in ("message_search", "contact_search"):
        if op.get_bind().dialect.name == "sqlite":
            # What is found is in the order of the rowids, so no sizes are needed to rank it.
            made = (
                f"CREATE VIRTUAL TABLE {name} USING fts5(words, tokenize = 'ascii', columnsize = 0)"
            )
            op.execute(made)
        else:
            op.execute(f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
            # New rows wait in a list that every search reads: it must be short.
            op.execute(
                f"CREATE INDEX ix_{name}_words ON {name} USING gin (words)"
                " WITH (gin_pending_list_limit = 256)"
            )


def _add_reference(table: str, column: str, target: str) -> None:
    """As op.add_column, which cannot give SQLite's ADD COLUMN its foreign key."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    constraint = f"CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {constraint}")


def _fill() -> None:
    """The store's own row, the inbox of the rooms protocol, and what is stored already.

    Conversations of the rooms protocol were all over when their server stopped.
    """
    bind = op.get_bind()
    made = {"epoch": secrets.token_hex(8), "secret": secrets.token_hex(32)}
    bind.execute(sa.text("INSERT INTO store (epoch, secret) VALUES (:epoch, :secret)"), made)
    now = (
        "unixepoch() * 1000"
        if bind.dialect.name == "sqlite"
        else "extract(epoch FROM now()) * 1000"
    )
    for statement in (  # the only thing put in is the database's own clock
        "INSERT INTO consumer (name, last_id) VALUES ('search', 0)",
        f"INSERT INTO inbox (kind, name, created_ms) SELECT 'classic', 'Classic', {now}",
        f"""INSERT INTO agent (name, classic_name, role, created_ms)
            SELECT DISTINCT name, name, 'agent', {now} FROM participant WHERE role = 'agent'""",  # noqa: S608
        """UPDATE participant SET agent_id = (
            SELECT agent.id FROM agent WHERE agent.classic_name = participant.name
        ) WHERE role = 'agent'""",
        "INSERT INTO inbox_agent SELECT inbox.id, agent.id FROM inbox, agent",
        """UPDATE conversation SET last_public_seq = last_seq, last_message_seq = last_seq,
            last_id = (SELECT max(id) FROM message WHERE conversation_id = conversation.id)""",
        """UPDATE conversation SET status = 'resolved', inbox_id = (SELECT id FROM inbox),
            reopen_until_ms = 0, contact_id = (
                SELECT contact_id FROM participant
                WHERE conversation_id = conversation.id AND role = 'visitor'
            ), assignee_id = (
                SELECT agent_id FROM participant
                WHERE conversation_id = conversation.id AND role = 'agent'
            ) WHERE kind = 'rooms'""",
    ):
        op.execute(sa.text(statement))
