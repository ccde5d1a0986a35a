"""Names that people choose for themselves on the tutorial protocols.

Rules: a name is kept after NFC, with one plain blank for any white space in a row, so two that are
written the same are the same. It is compared by its fold (``core.characters``), so none that looks
the same gets in beside it. Refused: blank, over ``MAX_NAME_CHARS``, the words the protocols use
themselves, whatever punctuation stands around, and characters that cannot be seen or that turn the
direction of the text around them, since a name made of them could pass for another.
Not here: who holds a name now (``core.lobby``, ``gateways.direct``).
Source of the rules: docs/protocol/rooms.md, section "Names".
"""

from __future__ import annotations

import re

from kefu.core.characters import bare, normalize, seen
from kefu.core.errors import BadName

MAX_NAME_CHARS = 64
RESERVED = frozenset({"系统", "code", "all"})

# As it is written in traditional characters, or with a character that is nearly the same.
_LIKE_RESERVED = str.maketrans("糸係系統綂", "系系系统统")
_RESERVED_LOOKS = frozenset(map(bare, RESERVED))
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def same_name(raw: str) -> str:
    """The form in which names are kept."""
    return _BLANKS.sub(" ", normalize("NFC", raw)).strip()


def clean_name(raw: object) -> str:
    """Return ``raw`` as it is stored.

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
    if seen(name) != name or any(char.isspace() and char != " " for char in name):
        raise BadName(BadName.Fault.INVISIBLE)
    if bare(name).translate(_LIKE_RESERVED) in _RESERVED_LOOKS:
        raise BadName(BadName.Fault.RESERVED)
    return name
