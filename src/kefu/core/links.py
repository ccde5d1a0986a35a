"""Which URLs may stand behind a link or a picture.

Rules: only the schemes that a reader expects: http, https, mailto, tel. A URL is taken as it is or
refused, never mended: what browsers quietly drop or turn (white space, controls, backslashes) is
how ``java\\nscript:`` gets past a check. A name before the host (``https://bank.example@evil``)
only serves to deceive.
Not here: fetching, and which hosts the server may reach (``outbound``); drawing Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

URL_CHARS = 2_048  # what every browser and most mail programs take
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
PAGES = frozenset({"http", "https"})
PICTURES = frozenset({"https"})

_SCHEME = re.compile(r"([a-z]+):", re.IGNORECASE)
_TEL = re.compile(r"\+?[0-9][0-9().;=a-z-]*", re.IGNORECASE)
# Nothing, or not what it looks like: spaces, controls, what turns the text around it.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def is_safe_url(url: str, schemes: frozenset[str] = SCHEMES) -> bool:
    """Whether ``url`` may be followed. It must be absolute, and of one of ``schemes``."""
    if len(url) > URL_CHARS or any(map(_is_unfit, url)):
        return False
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in schemes:
        return False
    rest = url[scheme.end() :]
    match scheme[1].lower():
        case "mailto":
            return "@" in rest.partition("?")[0]
        case "tel":
            return _TEL.fullmatch(rest) is not None
    return rest.startswith("//") and _has_plain_host(url)


def _is_unfit(char: str) -> bool:
    return char in '\\"<>^`{|}' or unicodedata.category(char) in _UNSEEN


def _has_plain_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a broken IPv6 address or port
        return False
    return bool(parts.hostname) and port != 0 and "@" not in parts.netloc
