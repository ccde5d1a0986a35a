"""Reactions to a message: who set which emoji.

Rules: pure. One person sets an emoji once; kinds are in the order in which they came; a message
has a bounded number of kinds. What is stored is emoji → who, as ``Member.identity``.
Not here: who may react (``core.permissions``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kefu.core.characters import is_picture
from kefu.core.conversation import Role
from kefu.core.desk import PersonId, Reaction
from kefu.core.errors import BadInput, TooMany

EMOJI_CHARS = 16  # code points: families with skin tones are long

_JOINING = frozenset("\u200d\ufe0f\u20e3")  # joiner, emoji style, keycap
_KEYS = frozenset("0123456789#*")
_IDENTITY = re.compile("([a-z]+)(?:#([0-9]+)|:)")


def is_emoji(text: str) -> bool:
    """Whether ``text`` is one or a few emoji and nothing else, as far as Unicode's classes tell."""
    if not 1 <= len(text) <= EMOJI_CHARS:
        return False
    if text[0] in _KEYS:
        return text[1:] in ("\u20e3", "\ufe0f\u20e3")
    return is_picture(text[0]) and all(is_picture(c) or _is_joining(c) for c in text)


def set_reaction(
    reactions: Mapping[str, list[str]], emoji: str, who: str, *, on: bool, kinds: int
) -> dict[str, list[str]]:
    """``reactions`` (emoji → who) after ``who`` has set ``emoji``, or taken it back.

    Raises BadInput: no emoji; TooMany: there are ``kinds`` others already.
    """
    if not is_emoji(emoji):
        raise BadInput("emoji: must be an emoji")
    changed = {kind: [*people] for kind, people in reactions.items()}
    people = changed.setdefault(emoji, [])
    if on and who not in people:
        people.append(who)
    if not on and who in people:
        people.remove(who)
    if not people:
        del changed[emoji]
    elif len(changed) > kinds:
        raise TooMany(f"A message has at most {kinds} kinds of reactions.")
    return changed


def hand_over(reactions: Mapping[str, list[str]], old: str, new: str) -> dict[str, list[str]]:
    """``reactions`` (emoji → who) once whoever was ``old`` is ``new``, who may have reacted too."""
    return {
        emoji: [*dict.fromkeys(new if who == old else who for who in people)]
        for emoji, people in reactions.items()
    }


def shown_reactions(stored: Mapping[str, list[str]]) -> tuple[Reaction, ...]:
    """What clients are told of ``stored``."""
    return tuple(
        Reaction(emoji=emoji, people=tuple(map(_who, people))) for emoji, people in stored.items()
    )


def _who(identity: str) -> PersonId:
    """Whose identity it is; id 0: somebody who is known by the name alone."""
    role, id = _IDENTITY.match(identity).groups("0")  # type: ignore[union-attr]
    return PersonId(role=Role(role), id=int(id))


def _is_joining(char: str) -> bool:
    return char in _JOINING or "\U000e0020" <= char <= "\U000e007f"  # flags of regions
