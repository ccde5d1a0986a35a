"""Servers that break the promise on purpose, to see that the checker notices.

``python -m tests.promise.mutants NAME demo …`` is ``kefu demo …`` with one thing changed. Each
changes what real code could get wrong, and nothing else.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from kefu.cli import main
from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError
from kefu.storage.database import Database
from kefu.storage.writer import Said, Work, Writer
from tests.promise.checker import Rule
from tests.serving import KefuServer

Done = Callable[[Message | ChatError], None]


class MutantServer(KefuServer):
    """The server with the mutation ``name``."""

    def __init__(self, data_dir: Path, name: str) -> None:
        super().__init__(data_dir)
        self._name = name

    def _command(self) -> list[str]:
        python, _, _, *args = super()._command()
        return [python, "-m", "tests.promise.mutants", self._name, *args]


def said(work: NewMessage | Said) -> NewMessage:
    """The message, whoever says it."""
    return work.new if isinstance(work, Said) else work


def relay_before_commit() -> None:
    """Everybody sees a message at once; it is stored a moment later."""

    def append(self: Database, new: NewMessage | Said, done: Done) -> None:
        first = said(new)
        early = Message(0, first.conversation.key, 0, first.sender, first.client_id, first.text, 0)
        loop = asyncio.get_running_loop()
        loop.call_soon(done, early)
        loop.call_later(0.25, self._submit, new, lambda _: None)

    Database.append = append  # type: ignore[method-assign]


def answer_a_lost_group() -> None:
    """Now and then a group is answered as stored although it was undone."""
    run, transact = Writer._run, Writer._transact
    groups = count(1)

    class Undone(Exception):
        pass

    def fail(self: Writer, conn: Connection, group: Sequence[Work]) -> list[Any]:
        results = run(self, conn, group)
        if next(groups) % 3:
            return results
        raise Undone(results)

    def answer(self: Writer, group: Sequence[Work]) -> list[Any]:
        try:
            return transact(self, group)
        except Undone as undone:
            self.close()
            results: list[Any] = undone.args[0]
            return results

    Writer._run = fail  # type: ignore[method-assign]
    Writer._transact = answer  # type: ignore[method-assign]


def store_twice() -> None:
    """Now and then a message is stored a second time, under a client id of the server's own."""
    append = Database.append
    sends = count(1)

    def twice(self: Database, new: NewMessage | Said, done: Done) -> None:
        append(self, new, done)
        if not next(sends) % 20:
            other = msgspec.structs.replace(said(new), client_id=f"again-{next(sends)}")
            append(self, other, done)

    Database.append = twice  # type: ignore[method-assign]


def leave_a_hole() -> None:
    """Now and then one message of a group is not stored with the others."""
    run = Writer._run
    groups = count(1)

    def with_holes(self: Writer, conn: Connection, group: Sequence[Work]) -> list[Any]:
        results = run(self, conn, group)
        if not next(groups) % 3:
            conn.exec_driver_sql("DELETE FROM message WHERE id = (SELECT max(id) FROM message)")
        return results

    Writer._run = with_holes  # type: ignore[method-assign]


def store_in_any_order() -> None:
    """A group is stored in another order than it was sent in."""
    commit = Writer.commit

    def backwards(self: Writer, group: Sequence[Work]) -> list[Any]:
        return commit(self, group[::-1])[::-1]

    Writer.commit = backwards  # type: ignore[method-assign]


MUTANTS: dict[str, tuple[Callable[[], None], Rule]] = {
    "relay-before-commit": (relay_before_commit, Rule.SEEN_IS_STORED),
    "answer-a-lost-group": (answer_a_lost_group, Rule.SEEN_IS_STORED),
    "store-twice": (store_twice, Rule.STORED_ONCE),
    "leave-a-hole": (leave_a_hole, Rule.NUMBERED),
    "store-in-any-order": (store_in_any_order, Rule.SENDERS_ORDER),
}
"""By name: the mutation, and a rule that it must be seen to break."""


if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)][0]()
    main.run()
