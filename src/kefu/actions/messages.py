"""Say something, and read what was said.

Rules: stored before it is shown; what is not stored is shown to nobody. ``send_message`` is the
hot path: no task and no future per message (docs/decisions/0006-sends-without-tasks.md).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from kefu.actions.context import Context
from kefu.core.conversation import Message, NewMessage
from kefu.core.errors import ChatError, NotAllowed, NotFound
from kefu.core.permissions import Action, Standing, may
from kefu.storage import conversations, messages
from kefu.storage.conversations import StoredConversation


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


async def list_conversations(
    ctx: Context, actor: Standing, *, name: str | None, before: int | None, limit: int
) -> list[StoredConversation]:
    """Conversations, the youngest first; ``before``: the last id of the page before this one.

    Raises NotAllowed, Unavailable.
    """
    _check_reader(actor)
    return await ctx.database.read(
        lambda conn: conversations.list_conversations(
            conn, name=name, before_id=before, limit=limit
        )
    )


async def list_messages(
    ctx: Context, actor: Standing, conversation_id: int, *, after: int, limit: int
) -> list[Message]:
    """Messages of one conversation with a ``seq`` above ``after``, in order.

    Raises NotAllowed, NotFound, Unavailable.
    """
    _check_reader(actor)

    def read(conn: Connection) -> list[Message]:
        if not conversations.has_conversation(conn, conversation_id):
            raise NotFound
        return messages.list_messages(conn, conversation_id, after_seq=after, limit=limit)

    return await ctx.database.read(read)


def _check_reader(actor: Standing) -> None:
    if not may(actor, Action.READ_HISTORY):
        raise NotAllowed("Reading conversations needs an agent's token.")
