"""The last id of each table whose ids must not be given again, on SQLite."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# What stands in the audit trail was given, too, though its row may be gone.
SUBJECTS = {"team": "team", "canned_response": "canned", "webhook": "webhook"}
TABLES = (*SUBJECTS, "delivery", "file")


def upgrade() -> None:
    op.create_table(
        "numbering",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("last_id", Id, nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        noun = SUBJECTS.get(table, "")
        op.execute(
            sa.text(
                f"INSERT INTO numbering (name, last_id) SELECT '{table}', max("  # noqa: S608
                f" (SELECT coalesce(max(id), 0) FROM {table}),"
                " (SELECT coalesce(max(CAST(substr(subject, :after) AS INTEGER)), 0)"
                "  FROM audit WHERE substr(subject, 1, :chars) = :prefix))"
            ).bindparams(after=len(noun) + 2, chars=len(noun) + 1, prefix=f"{noun}#")
        )
