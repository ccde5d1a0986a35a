"""Work that would keep the event loop waiting, done in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``fn`` off the event loop; whoever is cancelled meanwhile still waits for its end.

    So nothing is closed or removed under the hands of a thread.
    """
    return await stoppable(lambda: None, fn, *args, **kwargs)


async def stoppable(
    stop: Callable[[], None], fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """As ``in_thread``; ``stop`` asks ``fn`` to end soon when nobody waits any more."""
    job = asyncio.ensure_future(asyncio.to_thread(fn, *args, **kwargs))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop()
        while not job.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([job])
        raise
