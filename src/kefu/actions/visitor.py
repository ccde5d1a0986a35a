"""What a visitor does beside writing, and the marks of both sides: read, got, typing.

Rules: marks only go forward. Marks and typing are told by signals, best effort; everything else is
an entry of the timeline.
Not here: messages (``actions.messages``), places in the queue (``actions.places``), what agents do
with a conversation (``actions.handling``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit, place_for
from kefu.actions.forms import Done, Form, Id, Seq
from kefu.actions.offers import hold_by_typing
from kefu.core.actors import Agent, Visitor
from kefu.core.addresses import clean_email
from kefu.core.conversation import Conversation as Address
from kefu.core.desk import Activity, Conversation, Details
from kefu.core.errors import BadInput, IllegalState, NotAllowed
from kefu.core.inbox import Settings
from kefu.core.permissions import Action, Place
from kefu.core.signals import ReceiptsChanged, Typing
from kefu.core.states import Move, Status
from kefu.core.text import check_text
from kefu.core.times import passed
from kefu.core.views import conversation_for_visitor, person
from kefu.hub import channels
from kefu.notifications import commands as notifications
from kefu.storage import desk, holding, states, writing
from kefu.storage.contacts import set_contact
from kefu.storage.inboxes import get_inbox
from kefu.storage.ratings import Given, find_rating, set_rating

Preview = Annotated[str, Meta(max_length=2_000)]


class MarkRead(Form, frozen=True):
    """Everything up to a number was read."""

    conversation: Id
    seq: Seq


class MarkDelivered(Form, frozen=True):
    """Everything up to a number has arrived."""

    conversation: Id
    seq: Seq


class ShowTyping(Form, frozen=True):
    """The actor types, now."""

    conversation: Id
    text: Annotated[
        Preview | None, Meta(description="What a visitor has typed so far, for the team.")
    ] = None
    internal: Annotated[bool, Meta(description="It is a note: for the team alone.")] = False


class AskPerson(Form, frozen=True):
    """In place of the bot that has it."""

    conversation: Id


class EndConversation(Form, frozen=True):
    """The visitor has no more to ask."""

    conversation: Id


class Rate(Form, frozen=True):
    """How it was, in the visitor's eyes."""

    conversation: Id
    score: Annotated[int, Meta(ge=1, le=5, description="5 is best.")]
    comment: Annotated[str, Meta(max_length=2_000)] = ""


class LeaveEmail(Form, frozen=True):
    """Where an answer can be sent."""

    conversation: Id
    email: Annotated[str, Meta(min_length=3, max_length=320)]


async def mark_read(call: Call, do: MarkRead) -> Done:
    """Say up to which number the actor's side has read; never goes back."""
    return await _mark(call, do.conversation, do.seq, read=True)


async def mark_delivered(call: Call, do: MarkDelivered) -> Done:
    """Say up to which number the actor's side has got everything; never goes back."""
    return await _mark(call, do.conversation, do.seq, read=False)


async def show_typing(call: Call, do: ShowTyping) -> Done:
    """Tell the others that the actor types; what is told too often is dropped."""
    ctx = call.ctx
    action = Action.NOTE if do.internal else Action.WRITE

    def look(conn: Connection) -> tuple[Place, Settings | None]:
        place = place_for(conn, call.actor, do.conversation, action)
        asked = isinstance(call.actor, Visitor) and do.text is not None
        return place, get_inbox(
            conn, place.inbox_id or 0, members=False
        ).settings if asked else None

    place, settings = await call.read(look)
    if ctx.rates and not ctx.rates.take_typing(call.key, place.id, ctx.monotonic_s()):
        return Done()
    await hold_by_typing(call, place)
    text = do.text if settings and settings.preview else None
    signal = Typing(
        conversation=place.id, person=person(call.member), text=text, internal=do.internal
    )
    ctx.hub.signal(channels(_address(place)), signal)
    return Done()


async def end_conversation(call: Call, do: EndConversation) -> Conversation:
    """End a conversation as its visitor; to end what is over changes nothing."""

    def work(tx: Tx) -> Conversation:
        place = tx.place(do.conversation, Action.END)
        now = desk.get_conversation(tx.conn, place.id)
        if now.status is Status.RESOLVED:
            return conversation_for_visitor(now)
        ended, by = Activity(what="resolved"), call.member
        entry = states.move(tx.conn, place.id, Move.RESOLVE, ended, by=by, now_ms=tx.now_ms)
        tx.entries.append(entry)
        return conversation_for_visitor(desk.get_conversation(tx.conn, place.id))

    return await commit(call, work)


async def ask_person(call: Call, do: AskPerson) -> Conversation:
    """Ask for a person in a bot's place; where no bot has it, that changes nothing."""
    if not isinstance(call.actor, Visitor):
        raise NotAllowed("This is for visitors: hand it off.")

    def work(tx: Tx) -> Conversation:
        place = tx.place(do.conversation, Action.WRITE)
        held = holding.get_held(tx.conn, place.id)
        if held.by_bot and held.status is not Status.RESOLVED:
            asked = Activity(what="queued", team=held.team_id, values=Details(reason="asked"))
            by, now_ms = call.member, tx.now_ms
            tx.entries.append(
                states.move(tx.conn, place.id, Move.ENQUEUE, asked, by=by, now_ms=now_ms)
            )
        return conversation_for_visitor(desk.get_conversation(tx.conn, place.id))

    return await commit(call, work)


async def rate(call: Call, do: Rate) -> Conversation:
    """Rate a conversation, or change the rating while that is still allowed."""
    check_text(do.comment)

    def work(tx: Tx) -> Conversation:
        place = tx.place(do.conversation, Action.RATE)
        if not _settings(tx.conn, place).rating:
            raise NotAllowed("This inbox asks for no ratings.")
        given = find_rating(tx.conn, place.id)
        if given is None or (given.score, given.comment) != (do.score, do.comment):
            if given and passed(given.rated_ms, tx.now_ms, call.ctx.limits.rating_s * 1000 + 1):
                raise IllegalState("It was rated too long ago.")
            first_ms = given.rated_ms if given else tx.now_ms
            set_rating(tx.conn, place, Given(do.score, do.comment, first_ms))
            states.change(tx.conn, place.id, rating=do.score)
            said = Details(score=do.score, comment=do.comment or None)
            _record(tx, place, Activity(what="rated", values=said))
        return conversation_for_visitor(desk.get_conversation(tx.conn, place.id))

    return await commit(call, work)


async def leave_email(call: Call, do: LeaveEmail) -> Done:
    """Leave an e-mail address, to be told of an answer."""
    if not isinstance(call.actor, Visitor):
        raise NotAllowed
    email, contact_id = clean_email(do.email), call.actor.contact_id

    def work(tx: Tx) -> Done:
        place = tx.place(do.conversation, Action.WRITE)
        set_contact(tx.conn, contact_id, email=email)
        _record(tx, place, Activity(what="left_email", values=Details(email=email)))
        return Done()

    return await commit(call, work)


async def _mark(call: Call, conversation_id: int, seq: int, *, read: bool) -> Done:
    def work(tx: Tx) -> Done:
        mark(tx, tx.place(conversation_id, Action.WRITE), seq, read=read)
        return Done()

    return await commit(call, work)


def mark(tx: Tx, place: Place, seq: int, *, read: bool) -> None:
    """The actor's side has got everything up to ``seq``, or ``read`` it."""
    by_team = not isinstance(tx.call.actor, Visitor)
    before = writing.get_marks(tx.conn, place.id)
    reached = min(seq, before.last_seq)
    after = _moved(before, reached, by_team=by_team, read=read)
    if read and after != before:
        unread = writing.count_unread(tx.conn, place.id, reached, by_team=by_team)
        side = "team_unread" if by_team else "contact_unread"
        after = after._replace(**{side: unread})
    if read and isinstance(tx.call.actor, Agent):
        notifications.mark_read(tx, tx.call.actor.id, place.id, reached)
    if after != before:
        states.change(tx.conn, place.id, **writing.values_of(after))
        tx.after.append(_telling(tx, place, after))


def _moved(marks: writing.Marks, seq: int, *, by_team: bool, read: bool) -> writing.Marks:
    """``marks`` after one side has got, or read, everything up to ``seq``."""
    side = "team" if by_team else "contact"
    moved = {f"{side}_delivered_seq": seq} | ({f"{side}_read_seq": seq} if read else {})
    return marks._replace(**{name: max(getattr(marks, name), at) for name, at in moved.items()})


def _telling(tx: Tx, place: Place, marks: writing.Marks) -> Callable[[], None]:
    signal = ReceiptsChanged(
        conversation=place.id,
        team=desk.receipts(marks.team_delivered_seq, marks.team_read_seq),
        contact=desk.receipts(marks.contact_delivered_seq, marks.contact_read_seq),
        team_unread=marks.team_unread,
        contact_unread=marks.contact_unread,
        last_seq=marks.last_seq,
        last_public_seq=marks.last_public_seq,
    )
    return partial(tx.call.ctx.hub.signal, channels(_address(place)), signal)


def _address(place: Place) -> Address:
    return Address(place.key, place.kind, (), place.inbox_id or 0, place.contact_id or 0)


def _settings(conn: Connection, place: Place) -> Settings:
    if place.inbox_id is None:
        raise BadInput("conversation: is of no inbox")
    return get_inbox(conn, place.inbox_id, members=False).settings


def _record(tx: Tx, place: Place, activity: Activity) -> None:
    by, now_ms = tx.call.member, tx.now_ms
    tx.entries.append(states.record(tx.conn, place.id, activity, by=by, now_ms=now_ms))


_PATH = "/conversations/{conversation}"
COMMANDS = (
    Command(
        "conversation.read",
        mark_read,
        "PUT",
        f"{_PATH}/read",
        {"conversation": 17, "seq": 5},
        who="both",
    ),
    Command(
        "conversation.delivered",
        mark_delivered,
        "PUT",
        f"{_PATH}/delivered",
        {"conversation": 17, "seq": 5},
        who="both",
    ),
    Command(
        "conversation.typing",
        show_typing,
        "POST",
        f"{_PATH}/typing",
        {"conversation": 17},
        who="both",
    ),
    Command(
        "conversation.end",
        end_conversation,
        "POST",
        f"{_PATH}/end",
        {"conversation": 17},
        who="visitor",
    ),
    Command(
        "conversation.ask_person",
        ask_person,
        "POST",
        f"{_PATH}/ask-person",
        {"conversation": 17},
        who="visitor",
    ),
    Command(
        "conversation.rate",
        rate,
        "PUT",
        f"{_PATH}/rating",
        {"conversation": 17, "score": 5, "comment": "Quick!"},
        who="visitor",
        errors=(IllegalState,),
    ),
    Command(
        "contact.leave_email",
        leave_email,
        "PUT",
        f"{_PATH}/email",
        {"conversation": 17, "email": "li@example.com"},
        who="visitor",
    ),
)
