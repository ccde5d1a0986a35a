"""Canned responses: texts with variables, kept under a shortcut.

Rules: ``{{contact.name}}`` or ``{{contact.name|there}}``, which says what stands there if nothing
is known ("" if it does not say). A variable that does not exist is refused when the text is saved,
so an agent never sends one. Rendering looks up and puts in: nothing is computed, and what was put
in is never read again, so a contact called ``{{agent.name}}`` stays that. The outcome is a draft
like any other: it is checked and drawn as what an agent typed.
Not here: who may see a response, the limit of a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from kefu.core.attributes import Scalar, check_key
from kefu.core.characters import normalize, seen
from kefu.core.content import TEXT_CHARS
from kefu.core.errors import BadInput
from kefu.core.text import check_text

SHORTCUT_CHARS = 32
ATTRIBUTE = "contact.attributes."

_VARIABLE = re.compile(r"\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")
_SHORTCUT = re.compile(r"\w[\w-]*")


class Facts(msgspec.Struct, frozen=True):
    """What the variables stand for. "": not known."""

    contact_name: str = ""
    agent_name: str = ""
    conversation_id: int = 0  # 0: there is none yet
    inbox_name: str = ""
    contact_attributes: dict[str, Scalar] = {}


_VALUES: dict[str, Callable[[Facts], str]] = {
    "contact.name": lambda facts: facts.contact_name,
    # A name without a space, as Chinese ones are written, is used whole.
    "contact.first_name": lambda facts: "".join(facts.contact_name.split()[:1]),
    "agent.name": lambda facts: facts.agent_name,
    "conversation.id": lambda facts: str(facts.conversation_id or ""),
    "inbox.name": lambda facts: facts.inbox_name,
}
VARIABLES = (*_VALUES, f"{ATTRIBUTE}KEY")  # for people


def check_canned(text: str) -> str:
    """Return ``text``. Raises BadInput, which names a variable that does not exist."""
    check_text(text)
    if not text.strip() or len(text) > TEXT_CHARS:
        raise BadInput(f"text: 1 to {TEXT_CHARS} characters")
    for match in _VARIABLE.finditer(text):
        _check_variable(match[1].strip())
    if "{{" in _VARIABLE.sub(" ", text):
        raise BadInput("text: {{ without its }}, or with braces between them")
    return text


def render_canned(text: str, facts: Facts) -> str:
    """``text`` with its variables filled in."""

    def value(match: re.Match[str]) -> str:
        return _value(match[1].strip(), facts) or (match[2] or "").strip()

    return _VARIABLE.sub(value, text)


def clean_shortcut(raw: str) -> str:
    """``raw``, as typed with or without its slash, as it is stored. Raises BadInput."""
    shortcut = normalize("NFKC", raw[: 4 * SHORTCUT_CHARS]).strip().lower()
    shortcut = shortcut.removeprefix("/")
    is_fit = len(shortcut) <= SHORTCUT_CHARS and _SHORTCUT.fullmatch(shortcut)
    if not is_fit or seen(shortcut) != shortcut:
        raise BadInput(f"shortcut: 1 to {SHORTCUT_CHARS} letters, digits, lines or hyphens")
    return shortcut


def _check_variable(name: str) -> None:
    if name.startswith(ATTRIBUTE):
        check_key(name.removeprefix(ATTRIBUTE))
    elif name not in _VALUES:
        raise BadInput(f"text: there is no variable {name[:64]!r}")


def _value(name: str, facts: Facts) -> str:
    if name in _VALUES:
        return _VALUES[name](facts)
    if not name.startswith(ATTRIBUTE):
        return ""
    value = facts.contact_attributes.get(name.removeprefix(ATTRIBUTE), "")
    return str(value).lower() if isinstance(value, bool) else str(value)
