"""What tests of actions do again and again."""

from __future__ import annotations

from typing import Any

from kefu.actions.messages import SendMessage, Sent, WriteNote, send_message, write_note
from kefu.actions.starting import StartConversation, Started, as_started, start_conversation
from kefu.core.actors import Actor, Agent, Visitor
from kefu.core.desk import Message
from kefu.storage import desk as stored
from tests.actions.desk import Desk

_drawn = iter(range(1_000_000_000))


def fresh_id() -> str:
    """A client id that nobody has used."""
    return f"c{next(_drawn)}"


async def starts(desk: Desk, visitor: Visitor, text: str = "Hello", **more: Any) -> Started:
    """A visitor's first message."""
    more.setdefault("client_id", fresh_id())
    return await start_conversation(desk.call(visitor), StartConversation(text=text, **more))


async def chat(desk: Desk, inbox_id: int) -> tuple[Visitor, int]:
    """A stranger who has just begun a conversation with one message, and its id."""
    stranger = desk.stranger(inbox_id)
    started = await starts(desk, stranger)
    return as_started(stranger, started), started.conversation.id


async def says(desk: Desk, who: Actor, id: int, text: str = "Well", **more: Any) -> Sent:
    """A message."""
    more.setdefault("client_id", fresh_id())
    return await send_message(desk.call(who), SendMessage(conversation=id, text=text, **more))


async def notes(desk: Desk, who: Agent, id: int, text: str = "Hm", **more: Any) -> Sent:
    """A note."""
    more.setdefault("client_id", fresh_id())
    return await write_note(desk.call(who), WriteNote(conversation=id, text=text, **more))


async def timeline(desk: Desk, id: int, *, private: bool = True) -> list[Message]:
    """Everything in a conversation as it stands now."""
    return await desk.ctx.database.read(
        lambda conn: stored.list_entries(conn, id, limit=1000, private=private)
    )


async def texts(desk: Desk, id: int) -> list[str]:
    """What was said, notes included."""
    return [one.text for one in await timeline(desk, id) if one.activity is None]
