"""Names that people choose for themselves on the tutorial protocols.

Rules: a name is compared after NFC and trimming, so two that look the same are the same. Refused:
blank, over ``MAX_NAME_CHARS``, the words the protocols use themselves, and characters that cannot
be seen or that turn the direction of the text around them, since a name made of them could pass
for another.
Not here: who holds a name now (``core.lobby``, ``gateways.direct``).
Source of the rules: docs/protocol/rooms.md, section "Names".
"""

from __future__ import annotations

import unicodedata

from kefu.core.errors import BadName

MAX_NAME_CHARS = 64
RESERVED = frozenset({"系统", "code", "all"})

# Zero-width space, word joiner, byte order mark. The zero-width joiners (U+200C, U+200D) stay:
# emoji
# and several scripts need them.
_INVISIBLE = frozenset("\u200b\u2060\ufeff")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control, surrogate, line, paragraph


def same_name(raw: str) -> str:
    """The form in which names are compared."""
    return unicodedata.normalize("NFC", raw).strip()


def clean_name(raw: object) -> str:
    """Return ``raw`` as it is stored and compared.

    Raises:
        BadName: with a reason in Chinese, the language of the protocols' own texts.
    """
    if not isinstance(raw, str):
        raise BadName("名字须为字符串")
    if len(raw) > 8 * MAX_NAME_CHARS:  # normalising costs time, so bound it first
        raise BadName(f"名字过长，最多 {MAX_NAME_CHARS} 个字符")
    name = same_name(raw)
    if not name:
        raise BadName("名字不能为空")
    if len(name) > MAX_NAME_CHARS:
        raise BadName(f"名字过长，最多 {MAX_NAME_CHARS} 个字符")
    if name in RESERVED:
        raise BadName(f"“{name}”是保留的名字，请换一个")
    for char in name:
        if (
            char in _INVISIBLE
            or char in _BIDI
            or unicodedata.category(char) in _FORBIDDEN_CATEGORIES
        ):
            raise BadName("名字含有不可见的控制字符")
    return name
