"""A letter's link is for the address that it went to, and for the first browser that opens it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("chat_link", sa.Column("email", sa.Text))
    op.add_column("chat_link", sa.Column("device_hash", sa.Text))
    op.execute(
        """
        UPDATE chat_link SET email = (
            SELECT letter.recipient FROM letter
            WHERE letter.conversation_id = chat_link.conversation_id AND letter.kind = 'answer'
            ORDER BY letter.id DESC LIMIT 1
        )
        """
    )
