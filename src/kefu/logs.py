"""The server's log: one line an event on stderr, ``key=value``, for people and journals.

Rules: no message text, no token and no name of a visitor is ever logged, so a traceback shows no
local variables.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs() -> None:
    """Send the log to stderr. For a process that is a server, not for a library."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Warnings of uvicorn's are about what strangers send; anybody could fill the disk with them.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
