"""What a letter to one of the team says: which chats wait, with their contacts' last words.

Not here: what is news (``waiting``), when a letter leaves (``mail``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from kefu.core.conversation import Entry, Role
from kefu.core.desk import to_ms
from kefu.notifications.waiting import Absent, find_news
from kefu.outbound.letters import Chat
from kefu.storage import desk
from kefu.storage.inboxes import get_inbox
from kefu.storage.schema import message

MOST_TOLD = 20  # in one letter; the others are counted
LAST_ENTRIES = 50  # of a conversation, among which its contact's last words are looked for


class Digest(NamedTuple):
    """What is told to whom. ``newest_id``: all entries up to this one are told by it."""

    agent: Absent
    language: str  # the agent's, else that of the inbox where it waits longest
    chats: list[Chat]
    more: int  # that wait as well
    newest_id: int


def make_digest(conn: Connection, agent_id: int, now_ms: int, public_url: str) -> Digest | None:
    """What there is to tell an agent now; None: nothing any more."""
    found = find_news(conn, now_ms, only=agent_id)
    if not found:
        return None
    newest_id = conn.scalar(select(func.max(message.c.id))) or 0
    who, ids = found[0]
    more = max(0, len(ids) - MOST_TOLD)
    first = desk.get_conversation(conn, ids[0])
    language = who.language or get_inbox(conn, first.inbox or 0, members=False).settings.locale
    return Digest(who, language, _chats(conn, ids[:MOST_TOLD], public_url), more, newest_id)


def _chats(conn: Connection, ids: Sequence[int], public_url: str) -> list[Chat]:
    chats = []
    for state in desk.load_conversations(conn, ids):
        entries = desk.list_entries(
            conn, state.id, before_seq=state.last_seq + 1, limit=LAST_ENTRIES, private=False
        )
        said = [
            one
            for one in entries
            if (one.type, one.sender.role) == (Entry.MESSAGE, Role.VISITOR) and not one.deleted_at
        ]
        last = said[-1] if said else None
        chats.append(
            Chat(
                contact=state.contact.name if state.contact else "",
                inbox=get_inbox(conn, state.inbox or 0, members=False).name,
                text=last.text if last else "",
                files=tuple(file.name for file in last.files) if last else (),
                at_ms=to_ms(last.at if last else state.created_at),
                link=f"{public_url}/console/conversations/{state.id}" if public_url else "",
            )
        )
    return chats
