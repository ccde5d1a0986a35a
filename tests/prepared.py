"""A store that a server has not seen yet, with an admin who can sign in and has an API token."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine, insert

from kefu.config import url_of
from kefu.core.actors import AgentRole
from kefu.core.passwords import SALT_BYTES, hash_password
from kefu.core.tokens import Kind, hash_token
from kefu.storage import schema
from kefu.storage.migrations import migrate
from tests.databases import put_store
from tests.quick import QUICK


class Admin(NamedTuple):
    """Who may do everything."""

    email: str
    password: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def prepare(data_dir: Path, url: str = "") -> Admin:
    """Make the store in ``data_dir``, which must be there, or the one at ``url``."""
    admin = Admin("ada@example.com", "correct horse 7", Kind.API + secrets.token_urlsafe(32))
    if not url:
        put_store(data_dir)
    url = url or url_of(data_dir)
    migrate(url)
    engine = create_engine(url)
    with engine.begin() as conn:
        row = {
            "name": "Ada",
            "email": admin.email,
            "role": AgentRole.ADMIN,
            "password_hash": hash_password(admin.password, salt=os.urandom(SALT_BYTES), cost=QUICK),
            "created_ms": 0,
        }
        added = conn.execute(insert(schema.agent).values(row).returning(schema.agent.c.id))
        token = {
            "agent_id": added.scalar_one(),
            "token_hash": hash_token(admin.token),
            "name": "tests",
            "scopes": '["read", "write", "admin"]',
            "created_ms": 0,
        }
        conn.execute(insert(schema.api_token).values(token))
    engine.dispose()
    return admin
