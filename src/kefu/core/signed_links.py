"""Links to files that hold for a short time and need no login: whoever has one may read the file.

Rules: a token says which file, which variant, until when and to whom it was given, and is signed
with HMAC-SHA256; it is compared in constant time. The first
secret signs; an older one still verifies while it is being replaced. A forged, a changed and an
expired token are all the same refusal.
Not here: where the secrets come from, the address that the token is part of, who may ask for one,
what the holder may see by then (``actions.files``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import NamedTuple

from kefu.core.errors import NotFound

SECRET_BYTES = 32  # at least

_CONTEXT = b"kefu file link\0"  # a secret that also signs other things signs no links by that
_TOKEN = re.compile(
    r"([0-9]{1,18})\.([a-z]{1,16})\.([0-9]{1,18})\.([a-z0-9_]{1,80})\.([A-Za-z0-9_-]{43})", re.ASCII
)


class Link(NamedTuple):
    """What a token allows: to read this variant of this file."""

    file_id: int
    variant: str  # e.g. "original", "preview"
    holder: str  # to whom it was given


def sign(secret: bytes, link: Link, expires_ms: int) -> str:
    """Return a token of characters that need no escaping in a URL.

    ``variant``: 1 to 16 letters a-z; ``holder``: 1 to 80 of a-z, 0-9, _. ``expires_ms``: Unix ms,
    from which on it no longer holds.
    """
    said = f"{link.file_id}.{link.variant}.{expires_ms}.{link.holder}"
    token = f"{said}.{_signature(secret, said)}"
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"not a file id, a variant, a time and a holder: {said}")
    return token


def verify(secrets: Iterable[bytes], token: str, now_ms: int) -> Link:
    """Return what ``token`` allows. Raises NotFound: nothing, or no longer."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise NotFound
    said, _, signature = token.rpartition(".")
    file_id, variant, expires_ms, holder, _ = parts.groups()
    # The text is compared, not the bytes it stands for: those have several spellings in Base64.
    good = [hmac.compare_digest(_signature(secret, said), signature) for secret in secrets]
    if not any(good) or int(expires_ms) <= now_ms:
        raise NotFound
    return Link(int(file_id), variant, holder)


def _signature(secret: bytes, said: str) -> str:
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"a secret needs {SECRET_BYTES} bytes")
    digest = hmac.digest(secret, _CONTEXT + said.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
