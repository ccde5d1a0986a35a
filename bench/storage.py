"""What storing a message costs, by the size of the group it is committed with.

``python -m bench.storage [URL]`` fills an empty store (a SQLite file in a temporary folder unless a
URL names another) and prints a table. CPU is this process's own, in user and system mode; what a
PostgreSQL server spends is not in it. Client ids: "none"
as on the tutorial protocols, "ordered" ones grow with time, "random" ones do not.
Not here: sockets and fan-out (``bench.load``), the bare floor (``bench.commit``).
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from bench.dialects import TEXT
from kefu.core.conversation import Conversation, Kind, Member, NewMessage, Role
from kefu.storage.engine import writer_engine
from kefu.storage.migrations import migrate
from kefu.storage.writer import Writer

GROUP_SIZES = (1, 8, 64, 256)
CLIENT_IDS = ("none", "ordered", "random")
CONVERSATIONS = (500, 2_000)
MESSAGES_BEFORE = 40_000  # so that the indexes do not fit into a page or two
MESSAGES = 12_800
ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    cpu_us: float  # per message
    group_ms: float  # from handing a group over to its commit


def main(url: str | None) -> None:
    with _store(url) as writer:
        header = ("conversations", "client ids", "group", "CPU µs/message", "ms/group")
        print("| " + " | ".join(header) + " |\n" + "|---" * len(header) + "|")
        for conversations in CONVERSATIONS:
            talkers = [_talker(number) for number in range(conversations)]
            for ids in CLIENT_IDS:
                sends = _sends(talkers, ids)
                _measure(writer, sends, conversations, MESSAGES_BEFORE)
                for size in GROUP_SIZES:
                    messages = min(MESSAGES, 1_000 * size)
                    costs = [_measure(writer, sends, size, messages) for _ in range(ROUNDS)]
                    cpu_us = sorted(cost.cpu_us for cost in costs)[ROUNDS // 2]
                    group_ms = sorted(cost.group_ms for cost in costs)[ROUNDS // 2]
                    print(
                        f"| {conversations} | {ids} | {size} | {cpu_us:.1f} | {group_ms:.2f} |",
                        flush=True,
                    )


@contextmanager
def _store(url: str | None) -> Iterator[Writer]:
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{folder}/kefu.db"
        migrate(url)
        engine = writer_engine(url, lock_wait_s=3)
        writer = Writer(engine)
        yield writer
        writer.close()
        engine.dispose()


def _talker(number: int) -> tuple[Conversation, Member]:
    agent, visitor = Member(Role.AGENT, f"agent {number}"), Member(Role.VISITOR, f"v {number}")
    return Conversation(f"rooms:{uuid4()}", Kind.ROOMS, (agent, visitor)), visitor


def _sends(talkers: list[tuple[Conversation, Member]], ids: str) -> Iterator[NewMessage]:
    """Messages without end, from every talker once before anybody speaks again."""
    run, numbers = uuid4().hex, count()
    made: dict[str, Callable[[], str | None]] = {
        "none": lambda: None,
        "ordered": lambda: f"{run}{next(numbers):016x}",
        "random": lambda: uuid4().hex,
    }
    while True:
        for conversation, visitor in random.sample(talkers, len(talkers)):
            sent_ms = time.time_ns() // 1_000_000
            yield NewMessage(conversation, visitor, made[ids](), TEXT, sent_ms)


def _measure(writer: Writer, sends: Iterator[NewMessage], size: int, messages: int) -> Cost:
    groups = [[next(sends) for _ in range(size)] for _ in range(messages // size)]
    cpu_s, started_s = time.process_time(), time.perf_counter()
    for group in groups:
        writer.commit(group)
    cpu_s, took_s = time.process_time() - cpu_s, time.perf_counter() - started_s
    return Cost(cpu_s / (len(groups) * size) * 1e6, took_s / len(groups) * 1e3)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
