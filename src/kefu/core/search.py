"""Full-text search: what is indexed of a text, and what is looked for, alike on both databases.

Rules: this module makes the tokens; the databases only keep them. Letters are compared without
case, accents and width. Scripts without spaces between words (Chinese, Japanese, Korean, Thai,
Khmer …) are cut into single characters, and what stands together in a query must stand together in
the text: so a search of one or two Chinese characters finds them wherever they stand. Other words
are found whole, the last of a query by its beginning. An emoji is a token for each of its parts, so
a family is found by one of its members, and a hand of any colour by the hand. Other punctuation
parts words and is not kept, so nothing that a user types is an operator, and nothing is an error.
SQLite: ``index_words`` into an FTS5 table with ``tokenize = 'ascii'``, which takes every other
character as it is (``unicode61`` knows no letter younger than itself); MATCH ``fts5``.
PostgreSQL: ``tsvector(…)::tsvector`` and ``@@ tsquery(…)::tsquery``; no ``to_tsvector``, whose
parser has words of its own (``12e4x`` is two, ``1.5`` one) and depends on the server's locale.
Known bound: PostgreSQL keeps 255 places of one token in a text, so of one that is repeated more
often the later places are not found as part of a phrase.
Not here: which messages may be found (``core.permissions``), order and pages (``storage``), what
is shown of a text that was found (``core.snippets``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import msgspec

from kefu.core.characters import is_picture, normalize

TOKENS = 2  # the version of the tokens below: with another, stores make their index anew
TEXT_TOKENS = 16_000  # of a text; PostgreSQL numbers places up to 16,383
WORD_CHARS = 64  # what a longer word has beyond them is not looked at
QUERY_CHARS = 200
QUERY_TOKENS = 32
PART_CHARS = 8  # what folds to what is remembered of parts of a text that are not longer
PREFIX_CHARS = 2  # a shorter last word is found whole: half the index begins with "a"

# Letters, digits and marks of scripts that are written without spaces, by Unicode's blocks.
_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)),  # Thai, Lao, Burmese, Khmer
    *((0x3005, 0x3007), (0x3021, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF)),  # kana, bopomofo
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),  # Chinese characters
    *((0xAC00, 0xD7A3), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF)),  # Hangul, old kana, rare Chinese
)
# Letters that are one with what stands before them: parts of Hangul syllables, and the halfwidth
# marks of voiced kana.
_JOINING = frozenset(map(chr, [*range(0x1160, 0x1200), 0xFF9E, 0xFF9F]))
_KEYCAP = "\u20e3"
# Symbols that are no emoji: signs beside letters (° ©), lines and blocks, Braille.
_DRAWING = re.compile("[\u0000-\u203b\u2500-\u259f\u2800-\u28ff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_ASCII_WORD = re.compile("[a-z0-9]+")


class Query(msgspec.Struct, frozen=True):
    """What is looked for: all of ``phrases``, each of tokens that follow one another.

    ``prefix``: the very last token is the beginning of a word.
    """

    phrases: tuple[tuple[str, ...], ...]
    prefix: bool


def index_words(text: str) -> str:
    """The tokens of ``text``, parted by spaces; "" if it has none."""
    return " ".join(islice(_tokens(text), TEXT_TOKENS))


def tsvector(text: str) -> str:
    """The same for PostgreSQL, with places: ``'单':2 '订':1,3``."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(islice(_tokens(text), TEXT_TOKENS), start=1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"{_quoted(token)}:{','.join(found)}" for token, found in places.items())


def token_spans(text: str) -> list[tuple[str, int, int]]:
    """The tokens of ``text``, each with where it begins and ends in it, in characters.

    Empty for the rare text whose characters cannot be folded apart from each other.
    """
    if text.isascii():
        found = _ASCII_WORD.finditer(text.lower())
        return [(match[0][:WORD_CHARS], match.start(), match.end()) for match in found]
    folded: list[str] = []
    origins: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _joins(text[end]):
            continue
        part = _folded_part(text[begin:end])
        folded.append(part)
        origins += [(begin, end)] * len(part)
        begin = end
    whole = "".join(folded)
    if whole != _folded(text):
        return []
    spans = _cut(whole)
    return [(token, origins[first][0], origins[last][1]) for token, first, last in spans]


def query(text: str) -> Query | None:
    """What a user who typed ``text`` looks for. None: nothing that could be found.

    What is parted by spaces may stand apart in the text. What is over the limits is left out.
    """
    phrases: list[tuple[str, ...]] = []
    left = QUERY_TOKENS
    for chunk in text[:QUERY_CHARS].split():
        if phrase := tuple(islice(_tokens(chunk), left)):
            phrases.append(phrase)
            left -= len(phrase)
    if not phrases:
        return None
    last = phrases[-1][-1]
    return Query(tuple(phrases), len(last) >= PREFIX_CHARS)


def fts5(wanted: Query) -> str:
    """``wanted`` for FTS5's MATCH: ``"订 单" AND "abc" *``."""
    phrases = [f'"{" ".join(phrase)}"' for phrase in wanted.phrases]
    return " AND ".join(phrases) + (" *" if wanted.prefix else "")


def tsquery(wanted: Query) -> str:
    """``wanted`` for PostgreSQL's ``::tsquery``: ``('订' <-> '单') & ('abc':*)``."""
    phrases = [" <-> ".join(map(_quoted, phrase)) for phrase in wanted.phrases]
    return "(" + ") & (".join(phrases) + (":*)" if wanted.prefix else ")")


def _quoted(token: str) -> str:
    return f"'{token}'"  # a token has no quotes and no backslashes


def _tokens(text: str) -> Iterator[str]:
    if text.isascii():
        return (match[0][:WORD_CHARS] for match in _ASCII_WORD.finditer(text.lower()))
    return (token for token, _, _ in _cut(_folded(text)))


def _folded(text: str) -> str:
    """``text`` without differences of width, case and accent."""
    decomposed = normalize("NFKD", normalize("NFKC", text).casefold())
    return normalize("NFKC", _ACCENTS.sub("", decomposed))


_folded_few = lru_cache(maxsize=65_536)(_folded)


def _folded_part(text: str) -> str:
    return _folded_few(text) if len(text) <= PART_CHARS else _folded(text)


def _cut(chars: str) -> Iterator[tuple[str, int, int]]:
    """The tokens, each with the places of its first and its last character."""
    word, first, last = "", 0, 0
    kinds = {char: _kind(char) for char in set(chars)}
    for place, char in enumerate(chars):
        kind = kinds[char]
        if kind == "letter" or (kind == "mark" and word):
            first, last = first if word else place, place
            if len(word) < WORD_CHARS:
                word += char
        elif kind in ("break", "single"):
            if word:
                yield word, first, last
                word = ""
            if kind == "single":
                yield char, place, place
    if word:
        yield word, first, last


def _joins(char: str) -> bool:
    """Whether it may be folded together with what stands before it."""
    return _kind(char) in ("mark", "nothing") or char in _JOINING


@lru_cache(maxsize=65_536)
def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if char == _KEYCAP or (is_picture(char) and not _DRAWING.match(char)):
        return "single"
    if category == "Cf" or unicodedata.name(char, "").startswith("VARIATION SELECTOR"):
        return "nothing"  # a soft hyphen, a joiner: the word goes on
    if category[0] not in "LNM" or category == "Me":
        return "break"
    if any(first <= ord(char) <= last for first, last in _UNSPACED):
        return "single"
    return "mark" if category[0] == "M" else "letter"
