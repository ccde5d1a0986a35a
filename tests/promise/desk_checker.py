"""What the promise says of the desk, checked against what people sent, were told and show.

Rules: pure. ``check`` returns every violation it finds; an empty list means that the promise was
kept. A conversation's stored entries are compared whole, so nobody may miss or have more than what
is stored.
Not here: how evidence is gathered (``desk_people``, ``desk_chaos``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """What is promised, in the words a failure is reported with."""

    NUMBERED = "a conversation's entries are numbered 1, 2, 3 … without a hole"
    ACKNOWLEDGED = "what was acknowledged is stored, under the number it was given"
    ONCE = "a client id is stored once or not at all"
    NOT_INVENTED = "what is stored was sent"
    SENDERS_ORDER = "a sender's messages are stored in the order they were sent"
    SHOWN = "everybody shows exactly what is stored, in the stored order"
    TOLD = "while connected, nobody is told of an entry twice, late or after a gap"


class Send(NamedTuple):
    """A message on its way; ``seq`` once it was acknowledged."""

    conversation: int
    client_id: str
    text: str
    seq: int | None = None


class Stored(NamedTuple):
    """A row of the timeline that everybody may see."""

    conversation: int
    seq: int
    sender: str
    client_id: str | None
    text: str


class Told(NamedTuple):
    """An event, as it came over one connection: its number, and the one that it says is before."""

    conversation: int
    seq: int
    prev: int


class Violation(NamedTuple):
    """One broken rule and where."""

    rule: Rule
    detail: str


@dataclass
class Notes:
    """What one person knows.

    Attributes:
        sends: by client id, in the order they were first handed to the network.
        shown: by conversation, the texts on the screen.
        sessions: what each connection was told, in order.
    """

    sends: dict[str, Send] = field(default_factory=dict)
    shown: dict[int, list[str]] = field(default_factory=dict)
    sessions: list[list[Told]] = field(default_factory=list)


def check(people: Mapping[str, Notes], stored: Sequence[Stored]) -> list[Violation]:
    """Every violation. ``stored``: by conversation and number, all types of entries."""
    return [
        *_numbered(stored),
        *_acknowledged(people, stored),
        *_once(stored),
        *_not_invented(people, stored),
        *_senders_order(people, stored),
        *_shown(people, stored),
        *_told(people),
    ]


def _numbered(stored: Sequence[Stored]) -> Iterator[Violation]:
    last: dict[int, int] = defaultdict(int)
    for row in stored:
        if row.seq != last[row.conversation] + 1:
            yield Violation(Rule.NUMBERED, f"{row.conversation}: {row.seq}")
        last[row.conversation] = row.seq


def _acknowledged(people: Mapping[str, Notes], stored: Sequence[Stored]) -> Iterator[Violation]:
    by_place = {(row.conversation, row.seq): row for row in stored}
    for name, notes in people.items():
        for send in notes.sends.values():
            row = by_place.get((send.conversation, send.seq or 0))
            if send.seq is not None and (
                row is None or (row.client_id, row.text) != (send.client_id, send.text)
            ):
                yield Violation(Rule.ACKNOWLEDGED, f"{send.client_id} of {name} at {send.seq}")


def _once(stored: Sequence[Stored]) -> Iterator[Violation]:
    copies = Counter(row.client_id for row in stored if row.client_id)
    copies += Counter(f"the text {row.text}" for row in stored if row.client_id)
    for what, times in copies.items():
        if times > 1:
            yield Violation(Rule.ONCE, f"{what}: {times} times")


def _not_invented(people: Mapping[str, Notes], stored: Sequence[Stored]) -> Iterator[Violation]:
    sent = {
        (send.client_id, send.text) for notes in people.values() for send in notes.sends.values()
    }
    for row in stored:
        if row.text and (row.client_id, row.text) not in sent:
            yield Violation(Rule.NOT_INVENTED, f"{row.client_id}: {row.text[:40]!r}")


def _senders_order(people: Mapping[str, Notes], stored: Sequence[Stored]) -> Iterator[Violation]:
    for name, notes in people.items():
        turn = {client_id: at for at, client_id in enumerate(notes.sends)}
        last: dict[int, int] = {}
        for row in stored:
            at = turn.get(row.client_id or "")
            if at is None:
                continue
            if at < last.get(row.conversation, -1):
                yield Violation(Rule.SENDERS_ORDER, f"{row.client_id} of {name}")
            last[row.conversation] = at


def _shown(people: Mapping[str, Notes], stored: Sequence[Stored]) -> Iterator[Violation]:
    texts: dict[int, list[str]] = defaultdict(list)
    for row in stored:
        if row.text:
            texts[row.conversation].append(row.text)
    for name, notes in people.items():
        for conversation, shown in notes.shown.items():
            if shown != texts[conversation]:
                lost = [text for text in texts[conversation] if text not in shown]
                more = [text for text, times in Counter(shown).items() if times > 1]
                detail = f"{name} in {conversation}: without {lost[:3]}, twice {more[:3]}"
                yield Violation(Rule.SHOWN, detail)


def _told(people: Mapping[str, Notes]) -> Iterator[Violation]:
    for name, notes in people.items():
        for session in notes.sessions:
            last: dict[int, int] = {}
            for told in session:
                before = last.get(told.conversation)
                if before is not None and told.prev != before:
                    detail = (
                        f"{name} in {told.conversation}: {told.prev} → {told.seq} after {before}"
                    )
                    yield Violation(Rule.TOLD, detail)
                last[told.conversation] = told.seq
