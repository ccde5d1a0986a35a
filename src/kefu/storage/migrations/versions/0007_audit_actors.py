"""Who did something is called in the audit trail as among those who react: bots, and the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

audit = sa.table("audit", sa.column("actor", sa.Text))
agent = sa.table("agent", sa.column("id", sa.BigInteger), sa.column("role", sa.Text))


def upgrade() -> None:
    op.execute(audit.update().where(audit.c.actor == "server").values(actor="system"))
    bots = sa.select(sa.literal("agent#") + sa.cast(agent.c.id, sa.Text))
    acted = audit.c.actor.in_(bots.where(agent.c.role == "bot"))
    named = sa.func.replace(audit.c.actor, "agent#", "bot#")
    op.execute(audit.update().where(acted).values(actor=named))
