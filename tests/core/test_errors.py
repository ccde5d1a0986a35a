"""What a refusal says is one line for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import signature

import pytest

import kefu.app  # so that every kind of refusal is there
from kefu.core.errors import BadName, ChatError

assert kefu.app


def kinds(of: type[ChatError] = ChatError) -> Iterator[type[ChatError]]:
    """Every kind of refusal."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", sorted({*kinds()}, key=str))
def test_what_a_refusal_says_is_one_line_without_gaps(kind: type[ChatError]):
    said = str(kind(BadName.Fault.BLANK) if issubclass(kind, BadName) else _made(kind))
    assert said
    assert not re.search(r"\s\s|\n", said)


def _made(kind: type[ChatError]) -> ChatError:
    needed = [one for one in signature(kind).parameters.values() if one.default is one.empty]
    return kind(*("x" for _ in needed))
