"""What the promise says, checked against what people did and saw.

Rules: pure. ``check`` gets all of the evidence at once and returns every violation it finds, each
under the rule that is broken; an empty list means that the promise was kept.
Not here: how evidence is gathered (``journal``, ``crowd``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import pairwise
from typing import NamedTuple


class Rule(StrEnum):
    """What is promised, in the words a failure is reported with."""

    NUMBERED = "a conversation's entries are numbered 1, 2, 3 … without a hole"
    STORED_ONCE = "a message is stored once or not at all"
    NOT_INVENTED = "what is stored was sent, by the sender it is stored under"
    SEEN_IS_STORED = "what anybody saw is stored"
    SHOWN_ONCE = "nobody is shown a message twice"
    SENDERS_ORDER = "a sender's messages are stored in the order they were sent"
    ONE_ORDER = "while connected, everybody sees a conversation in its stored order, without a hole"


class Seen(NamedTuple):
    """A message as somebody was shown it; texts are unique, so a text names its message."""

    sender: str
    text: str


class Stored(NamedTuple):
    """A line of ``kefu history --json``."""

    conversation: int
    seq: int
    sender: str
    text: str


class Violation(NamedTuple):
    """One broken rule and where."""

    rule: Rule
    detail: str


@dataclass(frozen=True)
class Evidence:
    """All that is known at the end.

    Attributes:
        sent: by sender, the texts in the order they were handed to the network.
        sessions: by reader, what each of its connections showed, in order.
        history: what is stored, in the order it is printed.
        others: (conversation, number) of what else the timelines hold, which nobody is shown.
    """

    sent: Mapping[str, Sequence[str]]
    sessions: Mapping[str, Sequence[Sequence[Seen]]]
    history: Sequence[Stored]
    others: Collection[tuple[int, int]] = ()


def check(evidence: Evidence) -> list[Violation]:
    """Return every violation of the promise."""
    return [
        *_numbered(evidence),
        *_stored_once(evidence.history),
        *_not_invented(evidence),
        *_seen_is_stored(evidence),
        *_shown_once(evidence.sessions),
        *_senders_order(evidence),
        *_one_order(evidence),
    ]


def _numbered(evidence: Evidence) -> Iterator[Violation]:
    numbers: dict[int, list[int]] = defaultdict(list)
    for stored in evidence.history:
        numbers[stored.conversation].append(stored.seq)
    for conversation, seqs in numbers.items():
        others = [seq for place, seq in evidence.others if place == conversation]
        every = [*merge(seqs, sorted(others))]
        for expected, seq in enumerate(every, 1):
            if seq != expected:
                where = f"conversation {conversation}: {seq} in place of {expected}"
                yield Violation(Rule.NUMBERED, where)
                break


def _stored_once(history: Sequence[Stored]) -> Iterator[Violation]:
    for text, times in Counter(stored.text for stored in history).items():
        if times > 1:
            yield Violation(Rule.STORED_ONCE, f"{text!r}: {times} times")


def _not_invented(evidence: Evidence) -> Iterator[Violation]:
    sender_of = {text: sender for sender, texts in evidence.sent.items() for text in texts}
    for stored in evidence.history:
        if sender_of.get(stored.text) != stored.sender:
            yield Violation(Rule.NOT_INVENTED, f"{stored.text!r} of {stored.sender}")


def _seen_is_stored(evidence: Evidence) -> Iterator[Violation]:
    stored = {Seen(line.sender, line.text) for line in evidence.history}
    for reader, sessions in evidence.sessions.items():
        for seen in (seen for session in sessions for seen in session):
            if seen not in stored:
                detail = f"{seen.text!r} of {seen.sender}, seen by {reader}"
                yield Violation(Rule.SEEN_IS_STORED, detail)


def _shown_once(sessions: Mapping[str, Sequence[Sequence[Seen]]]) -> Iterator[Violation]:
    for reader, shown in sessions.items():
        for seen, times in Counter(seen for session in shown for seen in session).items():
            if times > 1:
                yield Violation(Rule.SHOWN_ONCE, f"{seen.text!r} to {reader}: {times} times")


def _senders_order(evidence: Evidence) -> Iterator[Violation]:
    turn = {text: at for texts in evidence.sent.values() for at, text in enumerate(texts)}
    last: dict[tuple[int, str], int] = {}
    for stored in evidence.history:
        place = stored.conversation, stored.sender
        at = turn.get(stored.text)
        if at is None:
            continue  # invented, and reported as such
        if at < last.get(place, -1):
            yield Violation(Rule.SENDERS_ORDER, f"{stored.text!r} after a later one")
        last[place] = at


def _one_order(evidence: Evidence) -> Iterator[Violation]:
    place_of = {stored.text: stored for stored in evidence.history}
    others = set(evidence.others)
    for reader, sessions in evidence.sessions.items():
        for session in sessions:
            seqs: dict[int, list[int]] = defaultdict(list)
            for seen in session:
                if stored := place_of.get(seen.text):
                    seqs[stored.conversation].append(stored.seq)
            for conversation, shown in seqs.items():
                for before, after in pairwise(shown):
                    between = range(before + 1, after)
                    if after <= before or not others.issuperset(
                        (conversation, seq) for seq in between
                    ):
                        detail = f"{reader} in conversation {conversation}: {after} after {before}"
                        yield Violation(Rule.ONE_ORDER, detail)
