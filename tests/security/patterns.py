"""Attacks on a pattern, made of the pattern itself: repeats that could share what they match.

A pattern of ``re`` is taken apart (``re._parser``). For each repeat in it there is a long run of
what it repeats; for two repeats beside each other, what both take; each after the shortest text
that leads there, and ended by what nothing takes. A pattern that looks at each character a bounded
number of times is as quick on these as on anything.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

SIZE = 60_000
SECONDS = 0.1  # of CPU time; a quadratic pattern takes seconds for 60,000 characters

_END = "\n\ue000"  # what a pattern that is meant for people's input does not end with
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_SINGLE = (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY)
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_SAMPLES = "a0 A\t.,;=\"'\\/-_:@[](){}<>%&+*#?!$^|`~\nz9f\u4f60\xe9\x00\xff\u0301\uff9e\U0001f600"


def attacks(pattern: re.Pattern[Any], size: int = SIZE) -> Iterator[Any]:
    """Inputs of about ``size`` characters that would cost a careless pattern most."""
    binary = isinstance(pattern.pattern, bytes)
    tree = _parser.parse(pattern.pattern, pattern.flags)
    seen = set()
    for before, unit in _runs(tree, ""):
        run = unit * (size // len(unit))
        for end in ("", _END, unit[:-1] + _END):
            for text in (before + run + end, (before + unit) * (size // len(before + unit)) + end):
                if text not in seen:
                    seen.add(text)
                    yield text.encode("latin-1", "replace") if binary else text


def is_slow(pattern: re.Pattern[Any], look: Callable[[Any], object]) -> str:
    """With what ``look`` takes too long, which uses ``pattern`` or stands before it; "": never.

    Short inputs come first: what is exponential would never end with a long one, and what is
    quadratic is told at a third of the length for a ninth of the time.
    """
    for size in (24, 300, 1_000, 3_000, 10_000, 20_000, SIZE):
        for text in attacks(pattern, size):
            if _seconds(look, text) > SECONDS:
                return f"{text[:30]!r}… of {len(text)}"
    return ""


def _seconds(look: Callable[[Any], object], text: Any) -> float:
    """The CPU time of ``look(text)``: the first that is little enough, or the least of two."""
    least = float("inf")
    for _ in range(2):
        begin = time.process_time()
        look(text)
        least = min(least, time.process_time() - begin)
        if least < SECONDS:
            break
    return least


def _runs(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Each repeat of ``tree``: the shortest text that leads to it, and what it repeats."""
    so_far = before
    repeated: list[str] = []  # characters of each repeat directly before
    for kind, value in tree:
        if kind in _REPEATS:
            least, most, body = value
            unit = _least(body) or _any_of(body)
            if most > 1 and unit:
                yield so_far, unit
                for other in repeated:
                    yield so_far, other + unit
                    if shared := _shared(other, body):
                        yield before, shared
                repeated.append(unit)
            yield from _runs(body, so_far)
            so_far += _least(body) * min(least, 50)
            continue
        for below in _below(kind, value):
            yield from _runs(below, so_far)
        text = _least([(kind, value)])
        if text:
            repeated.clear()
        so_far += text


def _below(kind: Any, value: Any) -> Iterator[Any]:
    if kind is op.SUBPATTERN:
        yield value[-1]
    elif kind is op.BRANCH:
        yield from value[1]
    elif kind in (op.ASSERT, op.ASSERT_NOT):
        yield value[1]
    elif kind is op.ATOMIC_GROUP:
        yield value


def _least(tree: Any) -> str:
    """A short text that ``tree`` matches."""
    found = ""
    for kind, value in tree:
        if kind in _REPEATS:
            found += _least(value[2]) * min(value[0], 50)
        elif kind is op.SUBPATTERN:
            found += _least(value[-1])
        elif kind is op.BRANCH:
            found += min((_least(one) for one in value[1]), key=len)
        elif kind is op.ATOMIC_GROUP:
            found += _least(value)
        elif kind in _SINGLE:
            found += _character(kind, value)
    return found


def _any_of(tree: Any) -> str:
    """As ``_least``, with each of what may be left out once."""
    found = ""
    for kind, value in tree:
        if kind in _REPEATS:
            found += _least(value[2])
        elif kind is op.SUBPATTERN:
            found += _any_of(value[-1])
        else:
            found += _least([(kind, value)])
    return found


def _character(kind: Any, value: Any) -> str:
    """A character that this takes; a blank before others, since people's input has those."""
    named = chr(value) if kind is op.LITERAL else ""
    members = [chr(said if how is op.LITERAL else said[0]) for how, said in _plain(kind, value)]
    likely: list[str] = [named, *_SAMPLES, *members, "a"]
    return next(one for one in likely if one and _takes(kind, value, one))


def _plain(kind: Any, value: Any) -> list[Any]:
    return [one for one in value if one[0] in (op.LITERAL, op.RANGE)] if kind is op.IN else []


def _takes(kind: Any, value: Any, one: str) -> bool:
    if kind is op.ANY:
        return True
    if kind in (op.LITERAL, op.NOT_LITERAL):
        return bool(ord(one) == value) is (kind is op.LITERAL)
    negated = (op.NEGATE, None) in value
    return any(_is_in(how, said, one) for how, said in value if how is not op.NEGATE) is not negated


def _is_in(how: Any, said: Any, one: str) -> bool:
    if how is op.CATEGORY:
        return re.fullmatch(_CATEGORIES[said], one) is not None
    return bool(ord(one) == said if how is op.LITERAL else said[0] <= ord(one) <= said[1])


def _shared(unit: str, body: Any) -> str:
    """A character that the repeat before and this one both take."""
    if len(body) != 1 or body[0][0] not in _SINGLE or len(unit) != 1:
        return ""
    kind, value = body[0]
    return unit if _takes(kind, value, unit) else ""
