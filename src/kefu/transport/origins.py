"""Which web pages may connect (the Fetch standard's CORS, and the same check for WebSocket).

Rules: a request without ``Origin`` is no page of another origin and passes; a page of the same
host passes; any other needs ``origins``. ``null`` (a sandboxed frame, a file) is an
origin like any other. Credentials are never allowed: a session is known by its id, not by cookies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

Origins = frozenset[str] | Literal["*"] | None


def is_allowed(headers: Mapping[str, str], origins: Origins) -> bool:
    """Whether the page that sent ``headers`` (lower-case names) may connect."""
    origin = headers.get("origin")
    if origin is None or origins == "*":
        return True
    if origins is not None and origin in origins:
        return True
    try:
        # Only the host: behind a proxy that ends TLS the scheme is not known here.
        netloc = urlsplit(origin).netloc
    except ValueError:
        return False
    return netloc != "" and netloc.lower() == headers.get("host", "").lower()


def cors_headers(
    headers: Mapping[str, str], origins: Origins, *, preflight: bool
) -> list[tuple[str, str]]:
    """What lets the page that sent ``headers``, if it is allowed, read the answer."""
    origin = headers.get("origin")
    if origin is None:
        return []
    answer = [("access-control-allow-origin", "*" if origins == "*" else origin)]
    if origins != "*":
        answer.append(("vary", "Origin"))
    if preflight:
        wanted = headers.get("access-control-request-headers", "content-type")
        answer += [
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-allow-headers", wanted),
            ("access-control-max-age", "600"),
        ]
    return answer
