"""Mail that is asked for, and links from mail back into a conversation.

Rules: a visitor can have a transcript sent to the address that the conversation's contact has, and
nowhere else; whoever asks, few go to one address and few are of one contact, and none before the
team has said something, so that this server mails nobody's advertisements. A link opens the
conversation of the letter that it was in, for the first browser that shows it, until it expires or
the contact has another address. A letter that was passed on lets nobody else in.
Not here: "you have an answer", which nobody asks for (``storage.letters``), sending
(``actions.letters``).
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.actions.outbox import CHANNEL, Due
from kefu.core.actors import Visitor
from kefu.core.addresses import clean_email
from kefu.core.desk import Conversation, Value
from kefu.core.errors import BadInput, Conflict, IllegalState, NotAllowed, NotFound, TooMany
from kefu.core.permissions import Action, Place
from kefu.core.tokens import hash_token
from kefu.core.views import conversation_for_visitor
from kefu.storage import desk, letters, starting
from kefu.storage.inboxes import get_inbox
from kefu.storage.letters import Letters

_DAY_MS = 86_400_000


class SendTranscript(Form, frozen=True):
    """The conversation so far, by mail."""

    conversation: Id
    to: Annotated[
        Annotated[str, Meta(max_length=320)] | None,
        Meta(description="The contact's own address, if this is left out."),
    ] = None


class Queued(Value, frozen=True):
    """A letter is on its way to this address. ``linked``: a link in it goes on elsewhere."""

    to: str
    linked: bool = False


class AcceptChatLink(Form, frozen=True):
    """The token of a link in a letter."""

    link: Annotated[str, Meta(max_length=100, description="What stands behind its #.")]


class Opened(Value, frozen=True):
    """What the link opens. ``contact``: who this browser's visitor is from now on."""

    conversation: Conversation
    contact: int


async def send_transcript(call: Call, do: SendTranscript) -> Queued:
    """Send a transcript of the conversation by mail."""
    if not call.ctx.policy.mail:
        raise IllegalState("This server sends no mail.")
    to = None if do.to is None else clean_email(do.to)

    def work(tx: Tx) -> Queued:
        place = tx.place(do.conversation, Action.WRITE)
        recipient = _recipient(tx, place, to)
        _check_sendable(tx, place, recipient)
        letters.add_letter(
            tx.conn,
            kind=Letters.TRANSCRIPT,
            conversation_id=place.id,
            recipient=recipient,
            after_seq=0,
            created_ms=tx.now_ms,
            next_ms=tx.now_ms,
        )
        if not isinstance(call.actor, Visitor):
            tx.audit("conversation.send_transcript", "conversation", place.id, to=recipient)
        tx.after.append(partial(call.ctx.hub.signal, [CHANNEL], Due()))
        return queued(call, tx.conn, place, recipient)

    return await commit(call, work)


async def accept_chat_link(call: Call, do: AcceptChatLink) -> Opened:
    """Let this browser go on with the conversation of a letter; a repeat changes nothing."""
    if not isinstance(call.actor, Visitor) or not call.actor.token_hash:
        raise NotAllowed("Send a device token.")
    visitor = call.actor

    def work(tx: Tx) -> Opened:
        link, place = _opened_by(tx.conn, do.link, tx.now_ms, visitor.inbox_id)
        if link.device_hash not in (None, visitor.token_hash):
            raise IllegalState(
                "This link was opened in another browser. The next letter has a new one."
            )
        known = starting.contact_of_device(tx.conn, visitor.token_hash)
        if known is None:
            starting.add_device(
                tx.conn,
                token_hash=visitor.token_hash,
                contact_id=place.contact_id,
                inbox_id=place.inbox_id,
                created_ms=tx.now_ms,
            )
        elif known != place.contact_id:
            raise Conflict("This browser is somebody else's; draw a new device token.")
        letters.bind_link(tx.conn, link.id, visitor.token_hash)
        state = conversation_for_visitor(desk.get_conversation(tx.conn, place.id))
        return Opened(conversation=state, contact=place.contact_id or 0)

    return await commit(call, work)


def queued(call: Call, conn: Connection, place: Place, to: str) -> Queued:
    """What whoever asks for a transcript to this address is told."""
    whose = {"inbox_id": place.inbox_id or 0, "contact_id": place.contact_id or 0}
    linked = call.ctx.policy.links and letters.is_linkable(conn, **whose, email=to)
    return Queued(to=to, linked=linked)


def _recipient(tx: Tx, place: Place, to: str | None) -> str:
    contact = starting.find_contact(tx.conn, place.contact_id or 0)
    own = contact.email if contact else None
    if isinstance(tx.call.actor, Visitor) and to not in (None, own):
        raise NotAllowed("A transcript goes to your own address alone.")
    recipient = to or own
    if recipient is None:
        raise BadInput("to: the contact has left no e-mail address")
    return recipient


def _check_sendable(tx: Tx, place: Place, recipient: str) -> None:
    if place.inbox_id is None or not letters.has_answer(tx.conn, place.id):
        raise IllegalState("There is nothing to send before somebody has answered.")
    sent = letters.count_transcripts(tx.conn, tx.now_ms - _DAY_MS, recipient, place.contact_id or 0)
    if sent >= tx.call.ctx.limits.transcripts_per_day:
        raise TooMany("Enough transcripts were sent today.")


def _opened_by(
    conn: Connection, token: str, now_ms: int, inbox_id: int
) -> tuple[letters.ChatLink, Place]:
    """The link, and the conversation that it opens in this inbox. Raises NotFound, NotAllowed."""
    link = letters.find_link(conn, hash_token(token), now_ms)
    place = None if link is None else desk.get_place(conn, link.conversation_id)
    if link is None or place is None or place.inbox_id != inbox_id or place.contact_id is None:
        raise NotFound("The link has expired.")
    contact = starting.find_contact(conn, place.contact_id)
    if contact is None or letters.is_vouched(conn, place.contact_id):
        raise NotFound("The link has expired.")
    if contact.blocked:
        raise NotAllowed
    if link.email not in (None, contact.email):  # it went to somebody who has the address no more
        raise NotFound("The link has expired.")
    if get_inbox(conn, inbox_id, members=False).settings.identity_required:
        raise NotFound("The link has expired.")
    return link, place


COMMANDS = (
    Command(
        "conversation.send_transcript",
        send_transcript,
        "POST",
        "/conversations/{conversation}/transcript",
        {"conversation": 17},
        who="both",
        errors=(IllegalState, TooMany),
    ),
    Command(
        "session.accept_chat_link",
        accept_chat_link,
        "POST",
        "/chat-link",
        {"link": "kl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        who="visitor",
        errors=(Conflict, IllegalState),
    ),
)
