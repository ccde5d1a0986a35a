"""How often a mark of what one of the team has read was set back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("read_mark", sa.Column("back", sa.Integer, nullable=False, server_default="0"))
