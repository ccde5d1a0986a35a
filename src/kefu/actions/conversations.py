"""Look at conversations: lists, one, its entries.

Rules: whoever may not know of a conversation is told that there is none.
Not here: writing (``actions.messages``), states and assignment (``actions.handling``).
"""

from __future__ import annotations

from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, place_for
from kefu.actions.forms import Form, Id, Limit, Page, Seq
from kefu.core.actors import Visitor
from kefu.core.desk import Conversation, Message
from kefu.core.permissions import Action, may
from kefu.core.views import conversation_for_visitor, message_for_visitor
from kefu.storage import desk


class GetConversation(Form, frozen=True):
    """One conversation."""

    conversation: Id


class ListMessages(Form, frozen=True):
    """A page of a conversation's messages, notes and activities."""

    conversation: Id
    after: Seq = 0
    before: Seq | None = None
    limit: Limit = 100


async def get_conversation(call: Call, do: GetConversation) -> Conversation:
    """A conversation as it stands now."""

    def read(conn: Connection) -> Conversation:
        place = place_for(conn, call.actor, do.conversation, Action.READ)
        return desk.get_conversation(conn, place.id)

    found = await call.ctx.database.read(read)
    if isinstance(call.actor, Visitor):
        return conversation_for_visitor(found)
    return found


async def list_messages(call: Call, do: ListMessages) -> Page[Message]:
    """Messages, notes and activities of a conversation, by number.

    ``after`` gives those above a number, oldest first; ``before`` the last ones below it.
    """

    def read(conn: Connection) -> list[Message]:
        place = place_for(conn, call.actor, do.conversation, Action.READ)
        return desk.list_entries(
            conn,
            place.id,
            after_seq=do.after,
            before_seq=do.before,
            limit=do.limit,
            private=may(call.actor, Action.READ_INTERNAL, place),
        )

    found = await call.ctx.database.read(read)
    if isinstance(call.actor, Visitor):
        found = [message_for_visitor(one) for one in found]
    more = len(found) == do.limit
    edge = found[-1 if do.before is None else 0].seq if found else 0
    return Page(items=tuple(found), next=str(edge) if more else None)


COMMANDS = (
    Command(
        "conversation.get",
        get_conversation,
        "GET",
        "/conversations/{conversation}",
        {"conversation": 17},
        who="both",
    ),
    Command(
        "message.list",
        list_messages,
        "GET",
        "/conversations/{conversation}/messages",
        {"conversation": 17, "after": 40},
        who="both",
    ),
)
