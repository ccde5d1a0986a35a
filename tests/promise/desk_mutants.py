"""Servers that break the desk's promise on purpose, to see that the checker notices.

``python -m tests.promise.desk_mutants NAME demo …`` is ``kefu demo …`` with one thing changed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from kefu.actions.context import Call
from kefu.actions.following import OpenConversation
from kefu.cli import main
from kefu.gateways.realtime.feed import Following
from kefu.storage import appending
from kefu.storage.writer import Work, Writer
from tests.promise.desk_checker import Rule
from tests.serving import KefuServer


class DeskMutant(KefuServer):
    """The server with the mutation ``name``."""

    def __init__(self, data_dir: Path, name: str) -> None:
        super().__init__(data_dir)
        self._name = name

    def _command(self) -> list[str]:
        python, _, _, *args = super()._command()
        return [python, "-m", "tests.promise.desk_mutants", self._name, *args]


def acknowledge_before_commit() -> None:
    """Messages are answered at once and committed many groups at a time."""
    groups = count(1)

    def late(self: Writer, group: Sequence[Work]) -> list[Any]:
        if self._conn is None:
            self._conn = self._engine.connect()
        if not self._conn.in_transaction():
            self._conn.begin()
            self._known.check(self._conn)
        results = self._run(self._conn, group)
        if not next(groups) % 50 or any(callable(work) for work in group):
            self._conn.commit()
        return results

    Writer._transact = late  # type: ignore[method-assign]


def no_unique_client_id() -> None:
    """A repeat is stored again."""
    transact = Writer._transact

    def without_index(self: Writer, group: Sequence[Work]) -> list[Any]:
        if self._conn is None:
            self._conn = self._engine.connect()
            with self._conn.begin():
                self._conn.exec_driver_sql("DROP INDEX IF EXISTS ix_message_client_id_sender_id")
        return transact(self, group)

    Writer._transact = without_index  # type: ignore[method-assign]
    appending._list_repeats = lambda *_: {}


def fetch_before_subscribe() -> None:
    """What is stored between reading a conversation and following it is told to nobody."""
    deliver, opened = Following.deliver, Following.open_conversation
    opening: set[Following] = set()

    async def open_conversation(self: Following, call: Call, do: OpenConversation) -> Any:
        opening.add(self)
        try:
            page = await opened(self, call, do)
            await asyncio.sleep(0.05)  # a slow reader of the store
            return page
        finally:
            opening.discard(self)

    def deaf(self: Following, *entry: Any) -> None:
        if self not in opening:
            deliver(self, *entry)

    Following.open_conversation = open_conversation  # type: ignore[method-assign]
    Following.deliver = deaf  # type: ignore[method-assign, assignment]


MUTANTS: dict[str, tuple[Callable[[], None], set[Rule]]] = {
    "acknowledge-before-commit": (acknowledge_before_commit, {Rule.ACKNOWLEDGED}),
    "no-unique-client-id": (no_unique_client_id, {Rule.ONCE}),
    "fetch-before-subscribe": (fetch_before_subscribe, {Rule.TOLD, Rule.SHOWN}),
}
"""By name: the mutation, and the rules of which it must be seen to break one."""


if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)][0]()
    main.run()
