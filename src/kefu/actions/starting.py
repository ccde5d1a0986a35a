"""A visitor begins a conversation, with the first message or the answers to the first questions.

Rules: the browser's token and the client id name the conversation, so that a start can be repeated
like any send; what a repeat is told is what its visitor may see now. The contact of a browser that
was never heard of is made in the same transaction. What an inbox asks for (a form, an e-mail
address outside its hours, a proof of identity) is checked here.
Not here: who the visitor is (``actions.sessions``), whom the conversation goes to
(``actions.assignment``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import ClientId, Form
from kefu.actions.me import known_of
from kefu.actions.messages import Answers, FileIds, Text, check_words, claim, encoded
from kefu.actions.naming import anonymous_name, visitor_name
from kefu.core import content
from kefu.core.actors import Visitor
from kefu.core.addresses import clean_email
from kefu.core.attributes import Scalar, check_attributes
from kefu.core.conversation import SYSTEM, Entry, Kind, NewMessage
from kefu.core.conversation import Conversation as Address
from kefu.core.desk import Activity, Body, Conversation, Message, Value
from kefu.core.display import is_blank
from kefu.core.errors import (
    BadInput,
    ClientIdUsed,
    Conflict,
    IllegalState,
    NotAllowed,
    NotFound,
    TooMany,
    Unauthenticated,
)
from kefu.core.hours import is_open
from kefu.core.inbox import Inbox, Offline, Settings
from kefu.core.permissions import Action, check
from kefu.core.states import Status
from kefu.core.text import check_text
from kefu.core.views import conversation_for_visitor
from kefu.storage import desk, starting
from kefu.storage.appending import append_entries
from kefu.storage.contacts import add_contact, set_contact
from kefu.storage.inboxes import get_inbox
from kefu.storage.starting import KnownContact
from kefu.storage.states import as_entry
from kefu.storage.turns import NO_TURN, new_turn
from kefu.widget import invitations
from kefu.widget.pages import PageTitle, PageUrl, moved

Email = Annotated[str, Meta(min_length=3, max_length=320)]
TimeZone = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_+/-]{1,64}$(?!\n)")]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$(?!\n)")]


class StartConversation(Form, frozen=True):
    """A first message, answers to the inbox's form, or both."""

    client_id: ClientId
    text: Text = ""
    answers: Annotated[Answers | None, Meta(description="To the form that the inbox asks.")] = None
    files: FileIds = ()
    email: Annotated[Email | None, Meta(description="Where an answer can be sent.")] = None
    page: Annotated[PageUrl | None, Meta(description="Where the visitor is.")] = None
    title: Annotated[PageTitle | None, Meta(description="Of that page.")] = None
    referrer: Annotated[PageUrl | None, Meta(description="Where the visitor came from.")] = None
    attributes: Annotated[
        dict[str, Any] | None, Meta(description="What the page says of the visitor, unverified.")
    ] = None
    consent: Annotated[bool, Meta(description="To what the inbox asks.")] = False
    invitation: Annotated[
        content.Name | None, Meta(description="Which one the visitor answers.")
    ] = None
    locale: Annotated[Language | None, Meta(description="BCP 47, such as `zh-CN`.")] = None
    time_zone: Annotated[
        TimeZone | None, Meta(description="Of the IANA database, such as `Asia/Shanghai`.")
    ] = None


class Started(Value, frozen=True):
    """The conversation with its first message. ``contact``: who the visitor is from now on."""

    conversation: Conversation
    message: Message
    contact: int


async def start_conversation(call: Call, do: StartConversation) -> Started:
    """Begin a conversation; a repeat under the same `client_id` begins none."""
    check(call.actor, Action.START, getattr(call.actor, "inbox_id", None))
    if not isinstance(call.actor, Visitor):
        raise NotAllowed
    if not (call.actor.contact_id or call.actor.token_hash):
        raise Unauthenticated("Send a device token.")
    check_words(call, do.text, do.files)
    for line in (do.page, do.referrer):
        check_text(line or "")
    visitor = call.actor
    return await commit(call, lambda tx: _start(tx, visitor, do))


def as_started(visitor: Visitor, started: Started) -> Visitor:
    """``visitor`` from the first message on."""
    name = started.message.sender.name
    return msgspec.structs.replace(visitor, contact_id=started.contact, name=name)


def _start(tx: Tx, visitor: Visitor, do: StartConversation) -> Started:
    key = _key(visitor, do.client_id)
    if (known := starting.find_by_key(tx.conn, key)) is not None:
        return _begun_before(tx, visitor, known, do)
    inbox = get_inbox(tx.conn, visitor.inbox_id, members=False)
    if not inbox.active:
        raise NotFound
    found = _known_contact(tx, visitor)
    _check_admitted(tx, inbox.settings, visitor, found)
    asks_consent = inbox.settings.consent is not None and not (found and found.consent_ms)
    if asks_consent and not do.consent:
        raise BadInput("consent: please agree to what this chat asks before you write")
    opened = is_open(inbox.settings.hours, tx.now_ms)
    form = inbox.settings.form(open=opened)
    answers = _answers(form, do, known_of(found, verified=visitor.verified))
    said = _said(form, answers, do)
    if not opened:
        _check_offline(inbox.settings, said, found)
    contact = _contact(tx, visitor, do, found, said_name=_said_name(tx, form, answers))
    new = {name: one for name, one in said.items() if not getattr(contact, name)}
    if asks_consent:
        new["consent_ms"] = tx.now_ms
    set_contact(tx.conn, contact.id, **new)
    who = msgspec.structs.replace(visitor, contact_id=contact.id, name=contact.name)
    return _begin(tx, who, inbox, key=key, do=do, answers=answers)


def _begin(
    tx: Tx,
    visitor: Visitor,
    inbox: Inbox,
    *,
    key: str,
    do: StartConversation,
    answers: dict[str, Scalar] | None,
) -> Started:
    """Store the conversation, that it began, and the first message."""
    bot = starting.is_active(tx.conn, inbox.bot)
    status = Status.PENDING if bot else Status.QUEUED
    id = starting.add_conversation(
        tx.conn,
        key=key,
        created_ms=tx.now_ms,
        inbox_id=inbox.id,
        contact_id=visitor.contact_id,
        status=status,
        assignee_id=inbox.bot if bot else None,
        team_id=inbox.team,
        **(NO_TURN if bot else new_turn(tx.now_ms)),
        about=msgspec.json.encode(_about(do)).decode(),
    )
    body = encoded(Body(files=do.files, answers=answers))
    address, who = Address(key, Kind.DESK, (), inbox.id, visitor.contact_id), visitor.member
    began = as_entry(address, Activity(what="began", status=status), by=who, now_ms=tx.now_ms)
    first = NewMessage(
        address, who, do.client_id, do.text, tx.now_ms, Entry.MESSAGE, False, None, body
    )
    asked = _asked(address, inbox.settings, do, tx.now_ms)
    tx.entries += append_entries(tx.conn, [began, *asked, first])
    if do.files:
        claim(tx, do.files, id)
    events = [news.event for news in tx.news()]
    begun, said = events[0], events[-1]
    if begun is None or begun.state is None or said is None or said.message is None:
        raise NotFound
    shown = conversation_for_visitor(begun.state)
    return Started(conversation=shown, message=said.message, contact=visitor.contact_id)


def _asked(
    address: Address, settings: Settings, do: StartConversation, now_ms: int
) -> list[NewMessage]:
    """The invitation that the first message answers, as an entry before it."""
    if do.invitation is None:
        return []
    text = invitations.said(settings, do.invitation, page=do.page, locale=do.locale)
    return [NewMessage(address, SYSTEM, None, text, now_ms)] if text else []


def _started(tx: Tx, id: int, seq: int) -> Started:
    message = desk.get_message(tx.conn, id, seq)
    state = desk.get_conversation(tx.conn, id)
    if message is None or state.contact is None:
        raise NotFound
    shown = conversation_for_visitor(state)
    return Started(conversation=shown, message=message, contact=state.contact.id)


def _begun_before(tx: Tx, visitor: Visitor, id: int, do: StartConversation) -> Started:
    """The answer to a repeat, if the browser still belongs to whoever began it.

    It may be somebody else's by now: then the id is used, and nothing is told of what it began.
    """
    place, contact = desk.get_place(tx.conn, id), _known_contact(tx, visitor)
    theirs = place is not None and contact is not None and place.contact_id == contact.id
    first = starting.find_first(tx.conn, id, do.client_id) if theirs else None
    if first is None:
        raise ClientIdUsed
    given = {name for name, one in (do.answers or {}).items() if str(one or "").strip()}
    body = Body() if first.body is None else msgspec.json.decode(first.body, type=Body)
    # An answer is stored in its own form (an address without blanks …), so its being there counts.
    answered = {name for name, one in (body.answers or {}).items() if one}
    same = (first.text, body.files, answered) == (do.text, do.files, given)
    if not (first.changed or same):
        raise ClientIdUsed
    return _started(tx, id, first.seq)


def _key(visitor: Visitor, client_id: str) -> str:
    """The conversation's name: this browser's, so that whoever repeats a start means the same."""
    named = f"{visitor.token_hash or visitor.key}:{client_id}"
    return f"desk:{hashlib.sha256(named.encode()).hexdigest()[:40]}"


def _known_contact(tx: Tx, visitor: Visitor) -> KnownContact | None:
    id: int | None = visitor.contact_id
    if not id:  # the same browser may have begun another conversation meanwhile
        id = starting.contact_of_device(tx.conn, visitor.token_hash)
    return starting.find_contact(tx.conn, id) if id else None


def _check_admitted(
    tx: Tx, settings: Settings, visitor: Visitor, found: KnownContact | None
) -> None:
    if settings.identity_required and not visitor.verified:
        raise Unauthenticated("This inbox is for visitors whom the site identified.")
    if found is None:
        return
    if found.blocked:
        raise NotAllowed
    if starting.count_live(tx.conn, found.id) >= tx.call.ctx.limits.live_conversations:
        raise TooMany("End a conversation before you begin another.")


def _answers(
    form: content.Form | None, do: StartConversation, known: Collection[content.Asked]
) -> dict[str, Scalar] | None:
    """The answers to the inbox's form, which asks nobody for what is known. Raises BadInput."""
    answers = None
    if form is not None:
        about = content.fields_about(form)
        spared = {about[one] for one in known if one in about}
        if do.answers is None and len(spared) < len(form.fields):
            raise BadInput("answers: this inbox asks for them")
        if do.answers is not None:
            answers = content.check_answers(content.sparing(form, spared), do.answers)
    elif do.answers is not None:
        raise BadInput("answers: this inbox asks for none")
    if is_blank(do.text) and not (do.files or answers):
        raise BadInput("text: is blank")
    return answers


def _said(
    form: content.Form | None, answers: dict[str, Scalar] | None, do: StartConversation
) -> dict[str, Scalar]:
    """How the visitor can be reached: ``email``, ``phone``, as far as it is said."""
    fields = form.fields if form and answers else ()
    said: dict[str, Scalar] = {
        field.type: answers[field.name]
        for field in reversed(fields)
        if answers and field.type in ("email", "phone") and field.name in answers
    }
    return said | ({"email": clean_email(do.email)} if do.email else {})


def _said_name(tx: Tx, form: content.Form | None, answers: dict[str, Scalar] | None) -> str:
    """What the visitor is to be called, as it is shown; "": nothing, or what an agent is called."""
    asked = content.fields_about(form).get("name")
    return visitor_name(tx.conn, str((answers or {}).get(asked or "", "")))


def _check_offline(settings: Settings, said: dict[str, Scalar], found: KnownContact | None) -> None:
    if settings.offline is Offline.CLOSED:
        raise IllegalState("Nobody is here now, and no conversations begin.")
    if settings.offline is Offline.FORM and "email" not in said and not (found and found.email):
        raise IllegalState("Nobody is here now; leave an e-mail address.")


def _contact(
    tx: Tx, visitor: Visitor, do: StartConversation, found: KnownContact | None, *, said_name: str
) -> KnownContact:
    if found is not None:
        set_contact(tx.conn, found.id, seen_ms=tx.now_ms, locale=do.locale or found.locale)
        return found
    name = said_name or anonymous_name(visitor.token_hash, do.locale)
    stamps = {"created_ms": tx.now_ms, "seen_ms": tx.now_ms}
    id = add_contact(tx.conn, name=name, locale=do.locale, **stamps)
    starting.add_device(
        tx.conn,
        token_hash=visitor.token_hash,
        contact_id=id,
        inbox_id=visitor.inbox_id,
        created_ms=tx.now_ms,
    )
    return KnownContact(id, name, None, None, do.locale, blocked=False, consent_ms=None)


def _about(do: StartConversation) -> dict[str, Any]:
    """Where the visitor is, as far as it can be shown as a link, and what the page says of them."""
    about = moved({}, page=do.page or "", title=do.title or "", referrer=do.referrer or "")
    if attributes := check_attributes(do.attributes or {}):
        about["unverified"] = attributes
    words = {"locale": do.locale, "time_zone": do.time_zone}
    return about | {name: word for name, word in words.items() if word}


COMMANDS = (
    Command(
        "conversation.start",
        start_conversation,
        "POST",
        "/conversations",
        {"client_id": "01HF1", "text": "Hello", "page": "https://www.example.com/prices"},
        who="visitor",
        errors=(Conflict, IllegalState, TooMany),
        status=201,
    ),
)
