"""On which pages an invitation is shown.

Rules: a pattern is matched from end to end, and ``*`` is any run of characters, also none; nothing
else in it means anything. One that begins with a slash is about the path and query, any other about
the whole address; what stands behind ``#`` plays no part. Time grows with the lengths alone: each
piece between stars is taken where it is first found, which is as good as anywhere else.
``docs/page-patterns.json`` has the cases that the loader's own matcher is held to as well.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_BEGINNINGS = ("/", "*", "http://", "https://")


def is_pattern(text: str) -> bool:
    """Whether any page at all could be meant."""
    return text.startswith(_BEGINNINGS)


def matches(pattern: str, url: str) -> bool:
    """Whether the page at ``url`` is one of ``pattern``."""
    address = url.partition("#")[0]
    return _fits(pattern, _path(address) if pattern.startswith("/") else address)


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 address
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _fits(pattern: str, text: str) -> bool:
    first, *rest = pattern.split("*")
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, end) if place <= end else -1
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end
