"""How long a recording is, and its waveform, as its recorder said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("file", sa.Column("duration_ms", sa.Integer))
    op.add_column("file", sa.Column("peaks", sa.Text))
