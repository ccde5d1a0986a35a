"""Where a file can be fetched: short-lived links, put into values when they are sent to somebody.

Rules: whoever is sent a message may fetch its files for a while, as long as they may see it: a link
names whom it was given to. Nothing that is stored has a link.
Links are paths on Kefu's own host. The same file has the same link for a while, so that a browser
can keep its copy.
Not here: the signature (``core.signed_links``), handing files out (``gateways.rest.files``).
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

from kefu.core.desk import FileInfo
from kefu.core.signed_links import Link, sign

T = TypeVar("T")

ORIGINAL, PREVIEW = "original", "preview"


class Links(NamedTuple):
    """What links are made with: the key, until when they hold (Unix ms), and to whom given."""

    secret: bytes
    expires_ms: int
    holder: str

    def add(self, value: T) -> T:
        """Return ``value`` with links wherever it holds a ``FileInfo``."""
        linked: T = self._linked(value)
        return linked

    def _linked(self, value: Any) -> Any:
        if isinstance(value, FileInfo):
            return self._file(value)
        if isinstance(value, tuple):
            return tuple(map(self._linked, value)) if value else value
        if not isinstance(value, msgspec.Struct):
            return value
        changed = {}
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if isinstance(part, msgspec.Struct | tuple) and (new := self._linked(part)) != part:
                changed[name] = new
        return msgspec.structs.replace(value, **changed) if changed else value

    def _file(self, file: FileInfo) -> FileInfo:
        preview = self._url(file.id, PREVIEW, "preview.webp") if file.preview else ""
        url = self._url(file.id, ORIGINAL, quote(file.name, safe=""))
        return msgspec.structs.replace(file, url=url, preview=preview)

    def _url(self, file_id: int, variant: str, name: str) -> str:
        token = sign(self.secret, Link(file_id, variant, self.holder), self.expires_ms)
        return f"/api/v1/files/{file_id}/{name}?token={token}"


def links(secret: bytes, now_ms: int, link_s: float, holder: str) -> Links:
    """Links that hold for at most ``link_s`` seconds, and for at least half of that."""
    step_ms = max(1, round(link_s * 500))
    return Links(secret, (now_ms // step_ms + 2) * step_ms, holder)
