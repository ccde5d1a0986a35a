"""What a site keeps of its own about a contact or a conversation: attributes and tags.

Rules: attributes are flat: a key, and a text, number or truth value that JSON, both databases and
JavaScript give back as it was. Everything is bounded, for it is shown beside every conversation.
A tag has one form, so ``VIP`` and ``vip`` are one tag.
Not here: sizes that an operator can change (``core.limits``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from kefu.core.characters import normalize, seen
from kefu.core.errors import BadInput
from kefu.core.text import is_storable

ATTRIBUTES = 50
KEY_CHARS = 64
VALUE_CHARS = 1_000
TAG_CHARS = 50
SAFE_INTEGER = 2**53 - 1  # beyond it JavaScript's numbers have gaps

Scalar = str | bool | int | float

_KEY = re.compile(rf"\w[\w.-]{{0,{KEY_CHARS - 1}}}")  # letters and digits of any script
# Keys that mean something else to a JavaScript object.
_NOT_KEYS = frozenset({"__proto__", "constructor", "prototype"})


def check_attributes(raw: Mapping[str, object]) -> dict[str, Scalar]:
    """``raw`` as it is stored. Raises BadInput, which names the attribute."""
    if len(raw) > ATTRIBUTES:
        raise BadInput(f"attributes: more than {ATTRIBUTES}")
    return {check_key(key): check_scalar(f"attributes.{key}", raw[key]) for key in raw}


def merge_attributes(
    known: Mapping[str, Scalar], changes: Mapping[str, object]
) -> dict[str, Scalar]:
    """``known`` after ``changes``, in which null removes. Raises BadInput."""
    merged = {**known, **changes}
    return check_attributes({key: value for key, value in merged.items() if value is not None})


def check_key(key: str) -> str:
    """Return ``key``. Raises BadInput: it cannot name an attribute."""
    if not _KEY.fullmatch(key) or key in _NOT_KEYS or seen(key) != key:
        raise BadInput(
            f"attributes: a key has 1 to {KEY_CHARS} letters, digits, points, lines or hyphens"
        )
    return key


def check_scalar(where: str, value: object) -> Scalar:
    """Return ``value``. Raises BadInput, which says ``where``."""
    match value:
        case bool():
            return value
        case str() if len(value) <= VALUE_CHARS and is_storable(value):
            return value
        case int() if abs(value) <= SAFE_INTEGER:
            return value
        case float() if math.isfinite(value):
            return value
        case str():
            raise BadInput(f"{where}: over {VALUE_CHARS} characters, or some that cannot be kept")
        case int() | float():
            raise BadInput(f"{where}: a number that cannot be kept")
    raise BadInput(f"{where}: must be a text, a number, true or false")


def clean_tag(raw: str) -> str:
    """``raw`` as it is stored and compared. Raises BadInput."""
    if len(raw) > 4 * TAG_CHARS:  # normalising costs time, so bound it first
        raise BadInput(f"tag: over {TAG_CHARS} characters")
    tag = " ".join(normalize("NFKC", raw).lower().split())
    if not 1 <= len(tag) <= TAG_CHARS:
        raise BadInput(f"tag: 1 to {TAG_CHARS} characters")
    if "," in tag or seen(tag) != tag:  # commas part tags in a filter
        raise BadInput("tag: no commas, and nothing that cannot be seen")
    return tag
