"""Whoever had no account is called ``anyone`` in the audit trail, in older rows, too.

They hold how somebody was let in: at the machine of a demo, or with a token of the rooms protocol.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

audit = sa.table("audit", sa.column("actor", sa.Text))


def upgrade() -> None:
    nameless = audit.c.actor.in_(["local", "agent"])
    op.execute(audit.update().where(nameless).values(actor="anyone"))
