"""S34: what no answer and no log line may hold.

Rules: everything that a server of these tests answers to ``asking`` is kept by it until its module
ends, and then searched, together with the server's log: for traces of the program (a stack, SQL, a
path) and for every secret that the tests know of. A secret may stand in the answer of a command
that hands it out, and nowhere else. Of the log, also what people said is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import kefu
from tests.serving import KefuServer

PROGRAM = re.compile(
    r"""Traceback|^\s*File\ "|\.py\b[":]|line\ [0-9]+,\ in\ |site-packages
    |sqlalche|sqlite3|psycopg|asyncpg|msgspec|starlette
    |\b(SELECT|DELETE)\s.{0,200}\sFROM\s|INSERT\ INTO\s|UPDATE\s\w+\sSET\s|\bsqlalche\.me""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
STACK = re.compile(r'Traceback|^\s*File "|\b(SELECT|DELETE)\s.{0,200}\sFROM\s', re.MULTILINE)

S = TypeVar("S", bound=KefuServer)


class Heard:
    """What a server has said, and what it must keep to itself."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()  # tokens and passwords
        self.private: set[str] = set()  # what people said: for no log
        self._answers: dict[str, str] = {}  # what was said, and to what

    def answer(self, to: str, text: str, *, tells: bool = False) -> None:
        """Keep an answer. ``tells``: it hands out a secret, which is one from then on."""
        if tells:
            self.secrets |= set(re.findall(r"\bk[stdl]_[\w-]{43}|\bwhsec_[\w+/=]+", text))
        else:
            self._answers.setdefault(text, to)

    def leaks(self, folder: Path) -> Iterator[str]:
        """What was answered that may not be."""
        paths = {str(folder), str(Path(kefu.__file__).parent)}
        for text, to in self._answers.items():
            if found := PROGRAM.search(text):
                yield f"{to}: {found[0]!r}"
            yield from (f"{to}: a path" for path in paths if path in text)
            yield from (f"{to}: a secret" for secret in self.secrets if secret in text)

    def leaks_of_log(self, log: str) -> Iterator[str]:
        """What was logged that may not be."""
        if found := STACK.search(log):
            yield f"the log: {log[max(0, found.start() - 200) : found.end() + 2000]}"
        yield from ("the log: a secret" for secret in self.secrets if secret in log)
        yield from (f"the log: {text}" for text in self.private if text in log)


@contextmanager
def scanned(server: S, secrets: Iterable[str] = ()) -> Iterator[S]:
    """Run ``server``; at the end, search its log for the ``secrets``, too."""
    heard = Heard()
    heard.secrets |= {*secrets}
    with server:
        yield server
    assert list(heard.leaks_of_log(server.log)) == []
