"""Which languages the widget speaks, and which of them somebody is answered in.

Rules: a language is one that ``locales/`` has a file of, and no list or pattern names it: whoever
adds a file adds a language. What else is in a file is the widget's own text, which the pages have
from their build. A language that was chosen and whose file is gone is no fault of
anybody's: the next one that fits is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal, TypeVar

import msgspec

from kefu.core.desk import Value

T = TypeVar("T")


class LoaderWords(Value, frozen=True):
    """What stands on a site's page itself, where no language is loaded."""

    open: str
    close: str
    dismiss: str
    failed: str
    retry: str
    page: str
    chat: str


class Language(msgspec.Struct, frozen=True):
    """What a language calls itself, which way it is written, and the few words of the loader."""

    name: str
    dir: Literal["ltr", "rtl"]
    loader: LoaderWords


def _read() -> dict[str, Language]:
    decode = msgspec.json.Decoder(Language).decode
    found = (one for one in files(__package__).joinpath("locales").iterdir())
    known = sorted((one for one in found if one.name.endswith(".json")), key=lambda one: one.name)
    return {one.name.removesuffix(".json"): decode(one.read_bytes()) for one in known}


LANGUAGES: Final[Mapping[str, Language]] = _read()
LOCALES: Final = tuple(LANGUAGES)
FALLBACK: Final = "en"


def choose(asked: str | None, default: str) -> str:
    """The language for who asks for ``asked`` (BCP 47): it, what is nearest to it, ``default``."""
    for wanted in (asked or "", default):
        if found := nearest(wanted, LOCALES):
            return found
    return FALLBACK


def nearest(wanted: str, offered: tuple[str, ...]) -> str | None:
    """The one of ``offered`` that is ``wanted``, or what it is a kind of, or a kind of the same."""
    parts = wanted.lower().split("-")
    known = {one.lower(): one for one in reversed(offered)}
    for length in range(len(parts), 0, -1):
        if found := known.get("-".join(parts[:length])):
            return found
    return next((one for one in offered if one.lower().split("-")[0] == parts[0]), None)


def said_in(words: Mapping[str, T], asked: str | None, locale: str) -> T | None:
    """Those of ``words`` that are nearest to what is asked for, or to ``locale``, if any is."""
    offered = tuple(words)
    found = nearest(asked, offered) if asked else None
    found = found or nearest(locale, offered)
    return words[found] if found else None
