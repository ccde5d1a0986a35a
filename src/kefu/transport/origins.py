"""What lets a page read an answer (the Fetch standard's CORS).

Rules: credentials are never allowed: a session is known by its id, not by cookies.
Not here: which pages may (``kefu.net.origins``).
"""

from __future__ import annotations

from collections.abc import Mapping

from kefu.net.origins import ANY, Pages

_MOST_WANTED_CHARS = 1_000  # of the headers that a page asks for
_WANTED = "content-type"


def cors_headers(
    headers: Mapping[str, str], pages: Pages, *, preflight: bool
) -> list[tuple[str, str]]:
    """What lets the page that sent ``headers``, which may connect, read the answer."""
    origin = headers.get("origin")
    if origin is None:
        return []
    any_page = pages.others == ANY
    answer = [("access-control-allow-origin", ANY if any_page else origin)]
    if not any_page:
        answer.append(("vary", "Origin"))
    if preflight:
        wanted = headers.get("access-control-request-headers", _WANTED)
        if len(wanted) > _MOST_WANTED_CHARS:
            wanted = _WANTED
        answer += [
            ("access-control-allow-methods", "GET, POST"),
            (
                "access-control-allow-headers",
                wanted,
            ),
            ("access-control-max-age", "600"),
        ]
    return answer
