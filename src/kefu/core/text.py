"""What a message's text may be, and how texts and times are written for people and scripts.

Rules: verbatim, or refused; nothing is changed on the way. Blank text is for the gateway to drop
or refuse.
Not here: sizes (``core.limits``), names (``core.names``), Markdown.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kefu.core.characters import is_steering
from kefu.core.errors import BadText


def is_storable(text: str) -> bool:
    """Whether every store can keep ``text``: without U+0000 and lone surrogates.

    The same rule on SQLite, which would keep them, and on PostgreSQL, which would not.
    """
    if "\0" in text:
        return False
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def check_text(text: str) -> str:
    """Return ``text``. Raises BadText: not every store can keep it."""
    if not is_storable(text):
        raise BadText
    return text


def visible(text: str) -> str:
    """``text`` for a terminal: what would steer it becomes U+FFFD; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if char not in "\n\t" and is_steering(char) else char for char in text)


def iso_time(unix_ms: int) -> str:
    """Unix milliseconds as ISO 8601 in UTC: ``2026-01-31T12:00:00.123Z``."""
    at = datetime.fromtimestamp(unix_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
