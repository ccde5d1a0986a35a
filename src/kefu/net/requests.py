"""Parts of a request that several protocols read, each in time that grows with its length alone.

Rules: what only a request's head bounds (64 kB) is anybody's to send, so nothing here looks at more
of it than an honest client sends.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

_MOST_COOKIES: Final = 200  # browsers send fewer
_MOST_FIELDS: Final = 100  # of a query
_MOST_LIST_CHARS: Final = 2_000  # of a header that is a list of words
_MOST_SEGMENTS: Final = 30  # of a path


def read_cookie(header: str, name: str) -> str | None:
    """The first cookie of this name in a ``Cookie`` header."""
    for part in header.split(";", _MOST_COOKIES)[:_MOST_COOKIES]:
        said, equals, value = part.partition("=")
        if equals and said.strip(" \t") == name:
            return value.strip(" \t").strip('"')
    return None


def read_query(query: bytes) -> dict[str, str]:
    """The first value of each name in a query string. Raises ValueError: too many fields."""
    pairs = parse_qsl(
        query.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
    )
    return dict(reversed(pairs))


def read_words(header: str) -> tuple[str, ...]:
    """The elements of a header that is a list (RFC 9110, section 5.6.1); none of one too long."""
    if len(header) > _MOST_LIST_CHARS:
        return ()
    return tuple(word for one in header.split(",") if (word := one.strip(" \t")))


def read_segments(path: str) -> list[str] | None:
    """The segments of a path that begins with a slash; None: more than any path of ours has."""
    segments = path.split("/", _MOST_SEGMENTS + 1)[1:]
    return None if len(segments) > _MOST_SEGMENTS else segments
