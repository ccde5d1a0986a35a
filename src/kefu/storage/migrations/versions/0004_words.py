"""One form for the words of enumerations: acts of the audit trail, how and why in activities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ACTS = {
    "agent.password": "agent.set_password",
    "webhook.created": "webhook.create",
    "webhook.deleted": "webhook.delete",
    "webhook.disabled": "webhook.disable",
    "webhook.replayed": "webhook.replay",
    "webhook.rotated": "webhook.rotate_secret",
    "webhook.tested": "webhook.test",
    "webhook.updated": "webhook.update",
}
HOW = ("taken over",)
WHY = (
    *("handed off", "bot silent", "bot unreachable"),
    *("visitor came", "visitor left", "agent left"),
)
WORDS = [("how", word) for word in HOW] + [("reason", word) for word in WHY]

audit = sa.table("audit", sa.column("act", sa.Text))
message = sa.table("message", sa.column("type", sa.Text), sa.column("body", sa.Text))


def upgrade() -> None:
    for old, new in ACTS.items():
        op.execute(audit.update().where(audit.c.act == old).values(act=new))
    # As such a word was written: the first member of ``values``, never within a text or attributes.
    told: sa.ColumnElement[str] = message.c.body
    found = []
    for name, word in WORDS:
        member = f'"values":{{"{name}":"{word}"'
        found.append(message.c.body.contains(member, autoescape=True))
        told = sa.func.replace(told, member, member.replace(word, word.replace(" ", "_")))
    op.execute(
        message.update().where(message.c.type == "activity", sa.or_(*found)).values(body=told)
    )
