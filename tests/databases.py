"""Fresh, empty stores for tests: a SQLite file, and a schema of its own in a real PostgreSQL.

PostgreSQL is the one on 127.0.0.1:5432, database ``test``, user $PGUSER or else the one who runs
the tests. Without it those tests are skipped with the reason; in CI they fail.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

BACKENDS = [
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgres),
]
POSTGRESQL = f"{os.environ.get('PGUSER') or getpass.getuser()}@127.0.0.1:5432/test"


@contextmanager
def fresh_url(backend: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty store of ``backend``; a SQLite file lies in ``folder``."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'kefu.db'}"
        return
    schema = f"kefu_{uuid4().hex}"
    with postgresql() as conn:
        conn.execute(f"CREATE SCHEMA {schema}")
    yield f"postgresql+psycopg://{POSTGRESQL}?options=-csearch_path%3D{schema}"
    with postgresql() as conn:
        conn.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def postgresql() -> Iterator[psycopg.Connection]:
    """Yield an autocommit connection to the test server."""
    try:
        conn = psycopg.connect(f"postgresql://{POSTGRESQL}", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL: {str(error).splitlines()[0]}")
    with conn:
        yield conn
