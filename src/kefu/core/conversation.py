"""What a conversation and a message are.

Rules: values only, immutable. A message belongs to the conversation that its ``key`` names; the
store opens that conversation with the first message, in the same transaction, so that an empty
conversation never exists.
Not here: how they are stored (``storage``), who is online (``hub``), what a client sees
(``gateways.*.codec``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Where a conversation comes from."""

    ROOMS = "rooms"
    DIRECT = "direct"


class Role(StrEnum):
    """What somebody is in a conversation."""

    AGENT = "agent"
    VISITOR = "visitor"
    PEER = "peer"  # direct conversations have two equals


class Member(msgspec.Struct, frozen=True, gc=False):
    """Somebody in a conversation. A name is unique per role within one conversation."""

    role: Role
    name: str


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """A conversation as its gateway knows it, stored or not yet.

    ``key`` names it for ever and is unique in the store. ``members`` may grow from one value to
    the next under the same key (an agent takes a waiting visitor); the store adds those it does
    not know.
    """

    key: str
    kind: Kind
    members: tuple[Member, ...]


class NewMessage(msgspec.Struct, frozen=True, gc=False):
    """A message on its way to the store. ``sender`` is one of the conversation's members.

    ``client_id`` is the sender's own id of this send: a repeat under the same id is stored once.
    None: the protocol has no such ids, so a send is never repeated.
    """

    conversation: Conversation
    sender: Member
    client_id: str | None
    text: str
    sent_ms: int  # Unix milliseconds, server clock


class Message(msgspec.Struct, frozen=True, gc=False):
    """A stored message: committed, and numbered 1, 2, 3 … within its conversation."""

    conversation_id: int
    conversation_key: str
    seq: int
    sender: Member
    client_id: str | None
    text: str
    sent_ms: int
