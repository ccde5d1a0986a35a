"""When lists are sent: by a clock that is given, on a loop whose timers are real."""

import asyncio

import pytest

from kefu.gateways.direct.roster import BYTES_PER_S, INTERVAL_S, Roster


class Reader:
    """A socket that keeps what it was sent."""

    def __init__(self):
        self.socket = self
        self.list_version = 0
        self.list_sent_s = float("-inf")
        self.sent = []
        self.news = asyncio.Event()

    def send(self, packet):
        self.sent.append(packet)
        self.news.set()


class Clock:
    now_s = 1_000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def names():
    return {}


@pytest.fixture
def readers():
    return {number: Reader() for number in range(3)}


@pytest.fixture
async def roster(names, readers, clock):
    return Roster(names, readers, clock)


async def told(readers):
    async with asyncio.timeout(60):
        for reader in readers.values():
            await reader.news.wait()
            reader.news.clear()


async def test_everybody_gets_the_same_encoded_list(roster, names, readers):
    names["a"] = None
    roster.changed()
    await told(readers)
    first, *others = [reader.sent for reader in readers.values()]
    assert len(first) == 1
    assert all(sent[0] is first[0] for sent in others)


async def test_many_changes_at_once_are_one_list(roster, names, readers):
    for name in "abc":
        names[name] = None
        roster.changed()
    await told(readers)
    assert [len(reader.sent) for reader in readers.values()] == [1, 1, 1]


async def test_who_was_shown_the_list_is_not_sent_it_twice(roster, names, readers):
    names["a"] = None
    roster.changed()
    roster.show(readers[0])
    await told(readers)
    assert [len(reader.sent) for reader in readers.values()] == [1, 1, 1]


async def test_nobody_gets_two_lists_within_the_interval(roster, names, readers, clock):
    names["a"] = None
    roster.changed()
    await told(readers)
    names["b"] = None
    roster.changed()
    roster.show(readers[1])  # a second login at once: its list comes with everybody's
    assert [len(reader.sent) for reader in readers.values()] == [1, 1, 1]
    clock.now_s += INTERVAL_S * 1.5
    await told(readers)
    assert [len(reader.sent) for reader in readers.values()] == [2, 2, 2]


async def test_lists_that_would_flood_the_line_come_less_often(names, readers, clock):
    roster = Roster(names, readers, clock)
    names["名" * 1_000_000] = None
    roster.changed()
    await told(readers)
    size_bytes = sum(reader.sent[0].size_bytes for reader in readers.values())
    assert size_bytes > BYTES_PER_S * INTERVAL_S
    assert roster.next_flush_s == clock.now_s + size_bytes / BYTES_PER_S
