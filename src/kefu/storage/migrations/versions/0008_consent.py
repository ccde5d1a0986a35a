"""When a contact agreed to what an inbox asks its visitors to agree to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("contact", sa.Column("consent_ms", sa.BigInteger))
