"""The secrets that stand for somebody: sessions, API tokens, visitors' devices, one-time links.

Rules: a token is its kind's prefix and 32 random bytes in URL-safe base64 without padding, so that
one that leaked is recognised for what it is. It cannot be guessed, so the store keeps its plain
SHA-256 and looks it up by that: no comparison here can be timed.
Not here: drawing them (``actions.credentials``; a visitor's page draws its own), whom one stands
for (``actions.sessions``).
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

TOKEN_BYTES = 32

_FORM = re.compile(r"(k[stdl]_)[A-Za-z0-9_-]{43}")  # 32 bytes


class Kind(StrEnum):
    """What a token stands for: its prefix."""

    SESSION = "ks_"  # a signed-in agent
    API = "kt_"  # a machine that acts as an agent
    DEVICE = "kd_"  # a visitor's browser
    LINK = "kl_"  # a link that works once


def kind_of(token: str) -> Kind | None:
    """What ``token`` stands for by its form; None: it is none."""
    found = _FORM.fullmatch(token)
    return Kind(found[1]) if found else None


def hash_token(token: str) -> str:
    """What the store keeps of ``token``: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
