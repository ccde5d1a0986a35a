"""What is shown of a text that was found: the part around the first hit, with the hits apart.

Rules: pieces of plain text in their order, so nobody counts characters (which Python and
JavaScript count differently) and nothing is marked up. Hits are found by the tokens that the search
itself goes by. They are looked for in the
first ``LOOKED_CHARS``. Where none is found again, the text's beginning is shown.
Not here: which texts are found (``storage.search``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kefu.core.desk import Value
from kefu.core.search import Query, token_spans

SNIPPET_CHARS = 160
LOOKED_CHARS = 10_000
BEFORE_CHARS = 40  # of them before the first hit
_CUT = "…"

_Span = tuple[int, int]


class Piece(Value, frozen=True):
    """A part of a text. ``hit``: it is what was looked for."""

    text: str
    hit: bool = False


def snippet(text: str, wanted: Query) -> tuple[Piece, ...]:
    """What to show of ``text``, which was found by ``wanted``; ends that were cut have a "…"."""
    hits = _merged(sorted(_hits(token_spans(text[:LOOKED_CHARS]), wanted)))
    begin = max(0, hits[0][0] - BEFORE_CHARS) if hits else 0
    begin = max(0, min(begin, len(text) - SNIPPET_CHARS))
    end = min(len(text), begin + SNIPPET_CHARS)
    pieces = [*_pieces(text, begin, end, hits)]
    if begin:
        pieces.insert(0, Piece(text=_CUT))
    if end < len(text):
        pieces.append(Piece(text=_CUT))
    return tuple(pieces)


def _pieces(text: str, begin: int, end: int, hits: Sequence[_Span]) -> Iterator[Piece]:
    at = begin
    for first, last in hits:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        if at < first:
            yield Piece(text=text[at:first])
        yield Piece(text=text[first:last], hit=True)
        at = last
    if at < end:
        yield Piece(text=text[at:end])


def _hits(spans: Sequence[tuple[str, int, int]], wanted: Query) -> Iterator[_Span]:
    """Where the phrases stand; the last one's last token may be the beginning of a word."""
    tokens = [token for token, _, _ in spans]
    for number, phrase in enumerate(wanted.phrases, start=1):
        opened = wanted.prefix and number == len(wanted.phrases)
        whole = phrase[:-1] if opened else phrase
        for at in range(len(tokens) - len(phrase) + 1):
            if tuple(tokens[at : at + len(whole)]) != whole:
                continue
            last = at + len(phrase) - 1
            if not opened or tokens[last].startswith(phrase[-1]):
                yield spans[at][1], spans[last][2]


def _merged(spans: Sequence[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged
