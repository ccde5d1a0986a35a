"""The people and messages that the storage's tests speak of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from kefu.core.conversation import Conversation, Kind, Member, Message, NewMessage, Role
from kefu.core.errors import ChatError
from kefu.storage.database import Database

ANN = Member(Role.AGENT, "Ann")
LI = Member(Role.VISITOR, "李四")
ROOM = Conversation("rooms:1", Kind.ROOMS, (ANN, LI))
NOW_MS = 1_700_000_000_000


def room(number: int) -> Conversation:
    return Conversation(f"rooms:{number}", Kind.ROOMS, (ANN, LI))


def says(
    client_id: str,
    text: str = "hello",
    *,
    sender: Member = LI,
    conversation: Conversation = ROOM,
    sent_ms: int = NOW_MS,
) -> NewMessage:
    return NewMessage(conversation, sender, client_id, text, sent_ms)


async def append(database: Database, *news: NewMessage) -> list[Message | ChatError]:
    """Append ``news`` together; return what each was answered, in the order of the answers.

    Without what is known only when an entry is published.
    """
    answers: list[Message | ChatError] = []
    answered = asyncio.Event()
    for new in news:
        database.append(new, answers.append)
    database.after_pending(answered.set)
    await answered.wait()
    assert len(answers) == len(news)
    return [bare(one) for one in answers]


def bare(answer: Any) -> Any:
    """``answer`` without what is known only when an entry is published."""
    if not isinstance(answer, Message):
        return answer
    return replace(answer, public_prev=0, repeated=False)


def seqs(answers: Sequence[Message | ChatError]) -> list[int | str]:
    """The number of what was stored, the code of what was refused."""
    return [answer.seq if isinstance(answer, Message) else answer.code for answer in answers]
