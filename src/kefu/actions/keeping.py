"""What was done outside is kept, however long the store cannot be written.

Rules: whoever has sent something does nothing else before the store knows what came of it, so that
a store that is away makes nobody be sent the same again and again. If the server ends before, it is
sent once more after the next start.
Not here: what is sent (``actions.deliveries``, ``actions.letters``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import structlog

from kefu.core.errors import TooMany, Unavailable

T = TypeVar("T")

PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)  # between the tries; the last one stays

log = structlog.get_logger()


async def keep(about: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work``, a write, again and again until the store has taken it; return its result.

    Raises what ``work`` raises for another reason than a store that cannot take it now.
    """
    for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
        try:
            return await work()
        except (TooMany, Unavailable) as refusal:
            log.warning("result_waits_for_store", about=about, reason=refusal.code)
            await asyncio.sleep(pause_s)
    raise AssertionError("it is tried for ever")
