"""Send the letters that are due.

Rules: before an answer is sent it is asked once more whether it is needed: whoever has read it, or
is there, gets none. A letter has one Message-ID over all tries, so one that arrives twice is
recognised. What the mail server refuses for good ends the letter; everything else is tried again
for a day. Every letter to a contact's own address has a link back. It is only for a contact whose
browser alone proves who it is: whom the site vouches for must come by the site.
Not here: who is to get a letter (``storage.letters``, ``actions.mail``), how mail goes out
(``outbound.mail``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from kefu.actions.context import Context
from kefu.actions.credentials import draw_token
from kefu.actions.keeping import keep
from kefu.core.conversation import Entry, Role
from kefu.core.cursors import name_of
from kefu.core.desk import Conversation, Message, to_ms
from kefu.core.errors import BadInput
from kefu.core.hours import find_zone
from kefu.core.inbox import Inbox
from kefu.core.tokens import Kind, hash_token
from kefu.core.webhooks import GIVE_UP_MS, next_attempt
from kefu.hub import contact_channel
from kefu.notifications.digest import Digest, make_digest
from kefu.outbound import letters as words
from kefu.outbound import mail
from kefu.outbound.letters import Frame, Letter, Line
from kefu.outbound.mail import Mail, MailFailed, MailServer
from kefu.storage import desk
from kefu.storage import letters as rows
from kefu.storage.inboxes import get_inbox
from kefu.storage.letters import Due, Letters, State

BATCH = 20
MOST_ENTRIES = 1_000  # of a conversation that are read for a letter
_DAY_MS = 86_400_000
_SPREAD = 0.618033988749895  # times the id: evenly over 0 to 1, so that tries do not return in step
_ROLES = {
    Role.VISITOR: words.Role.CONTACT,
    Role.AGENT: words.Role.AGENT,
    Role.BOT: words.Role.BOT,
    Role.SYSTEM: words.Role.SYSTEM,
}


class Post(NamedTuple):
    """How letters leave. ``public_url``: what links begin with; "": letters have none."""

    server: MailServer
    public_url: str = ""


class _Prepared(NamedTuple):
    recipient: str
    write: Callable[[], Letter]  # takes its time


async def send_due(ctx: Context, post: Post) -> None:
    """Send what is due, one letter after the other."""
    while batch := await ctx.database.read(lambda conn: rows.list_due(conn, ctx.now_ms(), BATCH)):
        for one in batch:
            await _send(ctx, post, one)


async def _send(ctx: Context, post: Post, one: Due) -> None:
    prepared = await _PREPARE[one.kind](ctx, post, one)
    if prepared is None:
        return
    letter = await asyncio.to_thread(prepared.write)
    host = post.server.from_address.rpartition("@")[2]
    own = name_of(ctx.epoch, one.kind, one.id, one.conversation_key, one.created_ms)
    about = ("conversation", one.conversation_id, one.conversation_key)
    if one.kind is Letters.TEAM:
        about = ("team", one.agent_id, "")
    thread = name_of(ctx.epoch, *about)
    letter_mail = Mail(
        message_id=f"<letter-{own}@{host}>",
        thread_id=f"<{about[0]}-{thread}@{host}>",
        sent_ms=ctx.now_ms(),
        to_address=prepared.recipient,
        reply_to=post.server.reply_to,
        letter=letter,
    )
    try:
        await mail.send(post.server, letter_mail)
    except BadInput:
        result = _ended(ctx, one, State.FAILED) | {"fault": "bad_address"}
    except MailFailed as failure:
        result = _after_failure(ctx, one, failure)
    else:
        result = _ended(ctx, one, State.SENT) | {"fault": None}
    await keep(f"letter {one.id}", partial(_set, ctx, one, **result))


async def _transcript(ctx: Context, post: Post, one: Due) -> _Prepared:
    """The conversation so far."""
    token = draw_token(Kind.LINK)
    add = partial(_add_link, ctx=ctx, post=post, one=one, token=token, email=one.recipient)
    has_link = bool(post.public_url) and await ctx.database.write(add)

    def read(conn: Connection) -> _Prepared:
        state = desk.get_conversation(conn, one.conversation_id)
        entries = desk.list_entries(
            conn, state.id, before_seq=state.last_seq + 1, limit=MOST_ENTRIES, private=False
        )
        lines = _lines(entries)
        earlier = max(0, rows.count_said(conn, state.id) - len(lines))
        inbox = get_inbox(conn, one.inbox_id, members=False)
        link = _address(post, inbox, token) if has_link else ""
        frame = _frame(state, inbox, post, link=link, earlier=earlier)
        return _Prepared(one.recipient, partial(words.transcript, lines, frame))

    return await ctx.database.read(read)


async def _answer(ctx: Context, post: Post, one: Due) -> _Prepared | None:
    """What the contact has not read; None: the letter is not to be sent now, and that is kept."""
    if ctx.hub.listens(contact_channel(one.contact_id)):
        await _set(ctx, one, **_later(ctx, one))
        return None
    token = draw_token(Kind.LINK)
    decided = await ctx.database.write(
        lambda conn: _decide(conn, ctx=ctx, post=post, one=one, token=token)
    )
    if decided is None:
        return None
    unread, has_link = decided

    def read(conn: Connection) -> _Prepared:
        entries = desk.list_entries(
            conn, one.conversation_id, after_seq=unread.read_seq, limit=MOST_ENTRIES, private=False
        )
        said = _lines(entry for entry in entries if entry.sender.role in (Role.AGENT, Role.BOT))
        inbox = get_inbox(conn, one.inbox_id, members=False)
        state = desk.get_conversation(conn, one.conversation_id)
        frame = _frame(state, inbox, post, link=_address(post, inbox, token) if has_link else "")
        return _Prepared(unread.email, partial(words.answer, said, frame))

    return await ctx.database.read(read)


async def _team(ctx: Context, post: Post, one: Due) -> _Prepared | None:
    """What waits for one of the team; None: nothing any more, and that is kept."""
    now_ms = ctx.now_ms()

    def decide(conn: Connection) -> Digest | None:
        made = make_digest(conn, one.agent_id, now_ms, post.public_url)
        if made is None:
            rows.set_letter(conn, one.id, state=State.UNNEEDED, next_ms=None, done_ms=now_ms)
        else:
            rows.set_letter(conn, one.id, told_id=made.newest_id, recipient=made.agent.email)
        return made

    made = await ctx.database.write(decide)
    if made is None:
        return None
    who, has_reply = made.agent, bool(post.server.reply_to)
    frame = Frame("", "", language=made.language, zone=who.zone, answerable=has_reply)
    return _Prepared(who.email, partial(words.team, made.chats, frame, more=made.more))


async def _set(ctx: Context, one: Due, **values: Any) -> None:
    await ctx.database.write(lambda conn: rows.set_letter(conn, one.id, **values))


def _later(ctx: Context, one: Due) -> dict[str, Any]:
    """The contact is there and may read it yet: look again, but not for ever."""
    now_ms = ctx.now_ms()
    if one.created_ms < now_ms - GIVE_UP_MS:
        return {"state": State.UNNEEDED, "next_ms": None, "done_ms": now_ms}
    return {"next_ms": now_ms + _wait_ms(ctx)}


def _ended(ctx: Context, one: Due, state: State) -> dict[str, Any]:
    return {
        "state": state,
        "attempts": one.attempts + 1,
        "next_ms": None,
        "done_ms": ctx.now_ms(),
    }


def _after_failure(ctx: Context, one: Due, failure: MailFailed) -> dict[str, Any]:
    next_ms, now_ms = None, ctx.now_ms()
    if not failure.permanent:
        jitter = (one.id * _SPREAD) % 1
        next_ms = next_attempt(one.attempts + 1, one.created_ms, now_ms, jitter)
    if next_ms is None:
        return _ended(ctx, one, State.FAILED) | {"fault": failure.fault.value}
    return {"attempts": one.attempts + 1, "next_ms": next_ms, "fault": failure.fault.value}


def _wait_ms(ctx: Context) -> int:
    return round(ctx.limits.answer_mail_s * 1000)


def _decide(
    conn: Connection, *, ctx: Context, post: Post, one: Due, token: str
) -> tuple[rows.Unread, bool] | None:
    """What is unread, and whether ``token`` opens it; None: nothing is to be sent now."""
    unread = _still_unread(conn, ctx, one)
    if unread is None:
        return None
    rows.set_letter(conn, one.id, after_seq=unread.read_seq, recipient=unread.email)
    email = unread.email
    return unread, _add_link(conn, ctx=ctx, post=post, one=one, token=token, email=email)


def _add_link(
    conn: Connection, *, ctx: Context, post: Post, one: Due, token: str, email: str
) -> bool:
    """Let ``token`` open the conversation for a while, if anything does; whether it does."""
    whose = {"inbox_id": one.inbox_id, "contact_id": one.contact_id}
    if not (post.public_url and rows.is_linkable(conn, **whose, email=email)):
        return False
    expires_ms = ctx.now_ms() + round(ctx.limits.chat_link_days * _DAY_MS)
    rows.add_link(
        conn,
        hash_token(token),
        conversation_id=one.conversation_id,
        expires_ms=expires_ms,
        email=email,
    )
    return True


def _address(post: Post, inbox: Inbox, token: str) -> str:
    return f"{post.public_url}/chat/{inbox.widget_key}#{token}"


def _still_unread(conn: Connection, ctx: Context, one: Due) -> rows.Unread | None:
    """What the contact has not read; None: the letter is not to be sent now, and that is kept."""
    now_ms, unread = ctx.now_ms(), rows.find_unread(conn, one.conversation_id)
    if unread is None or rows.was_answered(conn, one, unread.read_seq):
        rows.set_letter(conn, one.id, state=State.UNNEEDED, next_ms=None, done_ms=now_ms)
        return None
    due_ms = min(unread.first_ms, now_ms) + _wait_ms(ctx)
    known = unread.first_ms <= now_ms or unread.read_seq != one.after_seq  # or the clock was set
    if known and due_ms > now_ms:  # it was read, and then there was something new
        rows.set_letter(conn, one.id, next_ms=due_ms, after_seq=unread.read_seq)
        return None
    return unread


def _frame(
    state: Conversation, inbox: Inbox, post: Post, *, link: str = "", earlier: int = 0
) -> Frame:
    hours = inbox.settings.hours
    zones = (state.time_zone or "", hours.time_zone if hours else "")  # the visitor's goes first
    return Frame(
        inbox=inbox.name,
        link=link,
        language=state.locale or inbox.settings.locale,
        zone=next(filter(find_zone, filter(None, zones)), "UTC"),
        answerable=bool(post.server.reply_to),
        earlier=earlier,
    )


def _lines(entries: Iterable[Message]) -> list[Line]:
    return [
        Line(
            entry.sender.name,
            _ROLES.get(entry.sender.role, words.Role.SYSTEM),
            to_ms(entry.at),
            _words(entry),
            tuple(file.name for file in entry.files),
        )
        for entry in entries
        if entry.type is Entry.MESSAGE and entry.deleted_at is None
    ]


_PREPARE = {Letters.TRANSCRIPT: _transcript, Letters.ANSWER: _answer, Letters.TEAM: _team}


def _words(entry: Message) -> str:
    """What a message says, with what its cards and forms are called."""
    titles = (str(block.get("title") or "") for block in entry.blocks)
    return "\n\n".join(filter(None, [entry.text, *titles]))
