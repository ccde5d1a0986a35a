"""The server's log: one line an event on stderr, ``key=value``, for people and journals.

Rules: no message text, no token and no name of a visitor is ever logged, so a traceback shows no
local variables. What cannot be written is lost: a full disk or a closed pipe costs lines of the
log and nothing else, least of all the thread that had something to say.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any

import structlog


class _Logger(structlog.PrintLogger):
    """Prints lines as long as there is somewhere to print them to."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warning = error = critical = exception = msg


def _logger(*_: Any) -> _Logger:
    return _Logger(sys.stderr)


def configure_logs() -> None:
    """Send the log to stderr. For a process that is a server, not for a library."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=_logger,
        cache_logger_on_first_use=True,
    )
    # Warnings of uvicorn's are about what strangers send; anybody could fill the disk with them.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
