"""What commands beside a server need to do its own actions on its store, or without it.

Rules: a server that runs closes what must be closed within two seconds. A store that is not there
yet is made by who adds to it, so that this can come before the first start.
Not here: what is done (``cli.staff``, ``cli.entrances``).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from kefu.actions.context import Call, Context
from kefu.cli.options import texts
from kefu.cli.running import Unusable, said_url
from kefu.config import Settings
from kefu.core.actors import Standing
from kefu.core.errors import ChatError, NotFound
from kefu.core.permissions import Policy
from kefu.core.text import is_storable
from kefu.hub import Hub
from kefu.storage.claims import claim_store
from kefu.storage.database import Database
from kefu.storage.desk import get_epoch
from kefu.storage.engine import is_empty
from kefu.storage.migrations import migrate

T = TypeVar("T")


def check_texts(*words: str) -> None:
    """Raise Unusable if one of the words cannot be stored."""
    if not all(map(is_storable, words)):
        raise Unusable(texts("bad_words"))


def make_store(settings: Settings) -> None:
    """Make a store that is not there yet, so that nobody else does meanwhile."""
    url = settings.database_url
    if is_empty(url):
        with claim_store(url, settings.data_dir if settings.keeps_file else None):
            migrate(url)


def act(settings: Settings, work: Callable[[Call], Awaitable[T]]) -> T:
    """Do ``work`` as the operator. Raises Unusable, StoreUnusable."""

    async def done() -> T:
        async with _opened(settings) as ctx:
            return await work(Call(ctx, Standing.OPERATOR))

    with refusals_told():
        return asyncio.run(done())


@contextmanager
def refusals_told() -> Iterator[None]:
    """What the server's own rules refuse is Unusable."""
    try:
        yield
    except NotFound:
        raise Unusable(texts("gone")) from None
    except ChatError as error:
        raise Unusable(str(texts.reason(str(error)))) from None


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Context]:
    """A context without connections. Raises StoreUnusable."""
    database = Database(
        settings.database_url,
        lock_wait_s=settings.storage.lock_wait_s,
        deadline_s=settings.storage.deadline_s,
    )
    await database.start()
    try:
        yield Context(
            database=database,
            hub=Hub(),
            policy=Policy(),
            limits=settings.limits,
            rates_off=settings.limits_off,
            now_ms=lambda: time.time_ns() // 1_000_000,
            monotonic_s=time.monotonic,
            token=lambda: secrets.token_urlsafe(9),
            background=_drop,
            epoch=await database.read(get_epoch),
            home=home(settings),
        )
    finally:
        await database.close()


def home(settings: Settings) -> str:
    """What links begin with."""
    server = settings.server
    return server.public_url or said_url(settings) or f"http://{server.host}:{server.port}"


def _drop(work: Coroutine[Any, Any, None]) -> None:
    """Nothing is done in the background of a command."""
    work.close()
