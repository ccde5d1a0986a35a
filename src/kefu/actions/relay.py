"""Say something in a conversation of the tutorials' protocols, and read what was said.

Rules: stored before it is shown; what is not stored is shown to nobody. ``send_message`` is the
hot path: no task and no future per message (docs/decisions/0006-sends-without-tasks.md).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from kefu.actions.context import Context
from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError, NotAllowed
from kefu.core.permissions import Action, may
from kefu.storage import conversations, messages


def send_message(ctx: Context, new: NewMessage, refused: Callable[[ChatError], None]) -> None:
    """Store ``new``, then publish it; or call ``refused`` with the reason, on the event loop.

    Sends take effect in the order of the calls. The sender learns of success by its own copy.
    """
    if not may(new.sender, Action.SEND, new.conversation):
        refused(NotAllowed())
        return

    def done(result: Message | ChatError) -> None:
        if isinstance(result, Message):
            ctx.hub.publish(new.conversation, result)
        else:
            refused(result)

    ctx.database.append(new, done)


async def latest_messages(ctx: Context, key: str, most: int) -> list[Message]:
    """The last ``most`` messages of the conversation ``key``, in order. Raises Unavailable."""

    def read(conn: Connection) -> list[Message]:
        found = conversations.get_conversation(conn, key)
        if found is None:
            return []
        after_seq = max(0, found.last_seq - most)
        return messages.list_messages(conn, found.id, after_seq=after_seq, limit=most)

    return await ctx.database.read(read)
