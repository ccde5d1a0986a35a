"""What a conversation and its timeline are.

A conversation's timeline is one numbered list of entries: messages and notes, and what happened
(assigned, resolved, a message edited …). Whoever has all entries up to a number knows everything
up to there.

Rules: values only, immutable. A message belongs to the conversation that its ``key`` names. The
store opens a conversation of the tutorials' protocols with its first message, in the same
transaction, so that an empty conversation never exists; the desk's are begun by an action.
Not here: how they are stored (``storage``), who is online (``hub``), what a client sees
(``core.desk``, ``gateways.*.codec``), which moves between states are legal (``core.states``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kefu.core.desk import Event


class Kind(StrEnum):
    """Where a conversation comes from."""

    ROOMS = "rooms"
    DIRECT = "direct"
    DESK = "desk"


class Role(StrEnum):
    """What somebody is in a conversation."""

    AGENT = "agent"
    VISITOR = "visitor"
    PEER = "peer"  # direct conversations have two equals
    BOT = "bot"
    SYSTEM = "system"  # nobody: a timer, a rule


class Entry(StrEnum):
    """What an entry of the timeline is."""

    MESSAGE = "message"
    NOTE = "note"  # a message that only the team sees
    ACTIVITY = "activity"  # the conversation changed
    EDIT = "edit"  # the message ``about_seq`` has another text
    DELETE = "delete"  # the message ``about_seq`` has lost its content, not its place
    REACTION = "reaction"  # the message ``about_seq`` has other reactions


class Member(msgspec.Struct, frozen=True, gc=False):
    """Somebody in a conversation.

    ``id``: the agent's or the contact's. 0: one of a tutorial's protocol, known by the name, which
    is unique per role within the conversation.
    """

    role: Role
    name: str
    id: int = 0

    @property
    def identity(self) -> str:
        """What tells this member from the others of a conversation, whatever the name."""
        return f"{self.role}#{self.id}" if self.id else f"{self.role}:{self.name}"


SYSTEM = Member(Role.SYSTEM, "Kefu")


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """A conversation as its gateway knows it, stored or not yet.

    ``key`` names it for ever and is unique in the store. ``members`` may grow from one value to
    the next under the same key (an agent takes a waiting visitor); the store adds those it does
    not know. One of the desk is stored already: its ``members`` are empty, and where it came in
    and whose it is are known by id.
    """

    key: str
    kind: Kind
    members: tuple[Member, ...]
    inbox_id: int = 0
    contact_id: int = 0


class NewMessage(msgspec.Struct, frozen=True, gc=False):
    """An entry on its way to the store. ``sender`` is one of the conversation's members.

    ``client_id`` is the sender's own id of this send: a repeat under the same id is stored once.
    None: the protocol has no such ids, so a send is never repeated.
    """

    conversation: Conversation
    sender: Member
    client_id: str | None
    text: str
    sent_ms: int  # Unix milliseconds, server clock
    type: Entry = Entry.MESSAGE
    private: bool = False  # only the team sees it
    about_seq: int | None = None
    body: str | None = None  # JSON: ``core.desk.Body`` of a message, ``Activity`` of an activity


class Message(msgspec.Struct, frozen=True, gc=False):
    """A stored entry: committed, and numbered 1, 2, 3 … within its conversation.

    ``id`` grows with every commit of the whole store. ``public_prev`` is the number of the entry
    before it that the visitor sees; it is known only when the entry is published. ``repeated``: it
    was stored by an earlier send, so nobody is told of it again.
    """

    conversation_id: int
    conversation_key: str
    seq: int
    sender: Member
    client_id: str | None
    text: str
    sent_ms: int
    type: Entry = Entry.MESSAGE
    private: bool = False
    about_seq: int | None = None
    body: str | None = None
    id: int = 0
    public_prev: int = 0
    repeated: bool = False
    then: tuple[News, ...] = ()  # what was stored after it, of itself; published after it


class News(NamedTuple):
    """A stored entry, to be published: where, and as what if it is more than a plain message."""

    conversation: Conversation
    message: Message
    event: Event | None = None
