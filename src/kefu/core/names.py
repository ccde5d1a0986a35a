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

_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# What is drawn as nothing and is of other categories: Unicode's Default_Ignorable_Code_Point.
_IGNORED = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
# These shape what stands before them: emoji, and letters of scripts that join.
_JOINERS = frozenset("\u200c\u200d\ufe0f")


def same_name(raw: str) -> str:
    """The form in which names are compared."""
    return unicodedata.normalize("NFC", raw).strip()


def clean_name(raw: object) -> str:
    """Return ``raw`` as it is stored and compared.

    Raises BadName.
    """
    if not isinstance(raw, str):
        raise BadName(BadName.Fault.NOT_TEXT)
    if len(raw) > 8 * MAX_NAME_CHARS:  # normalising costs time, so bound it first
        raise BadName(BadName.Fault.TOO_LONG)
    name = same_name(raw)
    if not name:
        raise BadName(BadName.Fault.BLANK)
    if len(name) > MAX_NAME_CHARS:
        raise BadName(BadName.Fault.TOO_LONG)
    if name in RESERVED:
        raise BadName(BadName.Fault.RESERVED)
    for before, char in zip(f" {name}", name, strict=False):
        if char in _JOINERS and takes_joiner(before):
            continue
        if char in _IGNORED or unicodedata.category(char) in _FORBIDDEN_CATEGORIES:
            raise BadName(BadName.Fault.INVISIBLE)
    return name


def takes_joiner(char: str) -> bool:
    """Whether a joiner after ``char`` shapes it, and so can be seen."""
    return (
        unicodedata.category(char) in ("So", "Sk")  # emoji and their skin tones
        or char == "\ufe0f"
        or unicodedata.bidirectional(char) == "AL"  # Arabic, Syriac …
        or "\u0900" <= char <= "\u0dff"  # the scripts of India
    )
