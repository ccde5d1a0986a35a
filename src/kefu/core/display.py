"""Names of contacts and agents as they are shown, and whether one passes for another.

Rules: a name that somebody has is never refused for its look: what cannot be seen or turns the
text around it is dropped (``core.characters``), and so is what is too long.
Not here: names that are keys of their protocol (``core.names``, which refuses); isolating
right-to-left names, which is the page's (``<bdi>``); the agent's badge, which is never text.
"""

from __future__ import annotations

from collections.abc import Iterable

from kefu.core.characters import fold, is_unseen, seen, skeleton


def clean_display_name(name: str, most: int) -> str:
    """``name`` as it is stored and shown, of at most ``most`` characters; "" if nothing is left."""
    shown = " ".join(seen(name[: 8 * most]).split())  # normalising costs time, so bound it first
    if len(shown) > most:
        shown = seen(shown[:most]).rstrip()  # an emoji that was cut apart ends before the cut
    return shown


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen. A character that Unicode will have can be."""
    return not text.strip() or (not text.isascii() and all(map(is_unseen, text)))


def is_taken(name: str, names: Iterable[str], own: str | None = None) -> bool:
    """Whether ``name`` is one of ``names``, or looks the same as one.

    ``own`` is the name that its holder has now. What looks the same as that one is theirs, though
    others look so, too: of a store of an older version, which told them apart.
    """
    if _is_own(name, own):
        return name != own and name in tuple(names)
    folded = fold(name)
    return any(folded == fold(other) for other in names)


def imitates(name: str, agent_names: Iterable[str], own: str | None = None) -> bool:
    """Whether ``name`` could be read as one of ``agent_names``; so could the very same name.

    ``own``: as of ``is_taken``.
    """
    if _is_own(name, own):
        return name != own and name in tuple(agent_names)
    folded, bare = fold(name), skeleton(name)
    return any(
        (folded and folded == fold(other)) or (bare and bare == skeleton(other))
        for other in agent_names
    )


def _is_own(name: str, own: str | None) -> bool:
    return own is not None and fold(name) == fold(own)
