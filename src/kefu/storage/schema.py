"""The tables, as SQLAlchemy Core values: what is stored, whatever the database.

Rules: one description for SQLite and PostgreSQL. Text is stored verbatim. Times are Unix
milliseconds of the server's clock. Kinds and roles are open sets, so they are plain text. A change
here comes with a migration; a test compares the two.
Not here: statements (``messages``, ``conversations``), how a schema is brought up to date
(``migrations``).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

REVISION = "0001"  # the newest migration; the one this code works with

# SQLite numbers rows by itself only if the key's type is exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# A person outside the team. ``identifier`` finds the contact again, e.g. "rooms:张三"; it is null
# for somebody who cannot be recognised.
contact = Table(
    "contact",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("identifier", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("last_seq", Integer, nullable=False),  # the newest message's number
    Column("created_ms", BigInteger, nullable=False),
)

participant = Table(
    "participant",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id")),  # null: one of the team
    UniqueConstraint("conversation_id", "role", "name"),
    Index(None, "name"),
)

message = Table(
    "message",
    metadata,
    Column("id", Id, Identity(), primary_key=True),  # grows with time over the whole store
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # 1, 2, 3 … within the conversation
    Column("sender_id", Id, ForeignKey("participant.id"), nullable=False),
    Column("client_id", Text),  # null: the sender's protocol has no such ids
    Column("text", Text, nullable=False),
    Column("sent_ms", BigInteger, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    # A sender belongs to one conversation. Client ids that grow with time go to the end of this
    # index, which halves what a busy store writes; ids of other forms are as good, and slower.
    Index(
        None,
        "client_id",
        "sender_id",
        unique=True,
        sqlite_where=text("client_id IS NOT NULL"),
        postgresql_where=text("client_id IS NOT NULL"),
    ),
)
