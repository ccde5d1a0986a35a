"""How a visitor's conversation begins."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, event, func, select

from kefu.actions.following import OpenConversation, open_conversation
from kefu.actions.starting import as_started
from kefu.core.actors import AgentRole
from kefu.core.conversation import Entry, Role
from kefu.core.desk import Person, at
from kefu.core.errors import (
    BadInput,
    Conflict,
    IllegalState,
    NotAllowed,
    TooMany,
    Unauthenticated,
)
from kefu.core.states import Status
from kefu.hub import contact_channel, inbox_channel
from kefu.storage import desk as stored
from kefu.storage.profiles import load_contacts
from kefu.storage.schema import contact, conversation, device
from tests.actions.acts import starts, timeline
from tests.actions.desk import Desk

FORM = {
    "fields": [
        {"name": "name", "label": "Your name", "required": True},
        {"name": "email", "label": "E-mail", "type": "email"},
    ]
}
CLOSED = {"time_zone": "Asia/Shanghai", "week": [[]] * 7}


async def count(desk: Desk, table: Any) -> int:
    return await desk.ctx.database.read(
        lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0
    )


async def test_the_first_message_makes_the_contact_and_the_conversation(desk: Desk):
    inbox = await desk.inbox()
    stranger = desk.stranger(inbox)
    team = desk.recorder(inbox_channel(inbox))
    page = "https://www.example.com/prices"
    started = await starts(
        desk, stranger, "你好", locale="zh-CN", page=page, referrer="about:blank"
    )
    assert started.conversation.status is Status.QUEUED
    assert started.conversation.unread == 0
    assert started.message.text == "你好"
    assert started.message.sender.name == f"访客 {stranger.token_hash[:4].upper()}"
    assert as_started(stranger, started).contact_id == started.contact
    began, added = team.events
    assert (began.on, added.on) == ("conversation.changed", "message.added")
    assert began.state is not None
    assert (began.state.page, began.state.referrer, began.state.locale) == (page, None, "zh-CN")
    assert began.state.unread == 1
    assert began.state.waiting_since is not None
    assert [one.type for one in await timeline(desk, began.conversation)] == [
        Entry.ACTIVITY,
        Entry.MESSAGE,
    ]


async def test_a_repeated_start_gets_the_first_conversation_whoever_the_visitor_is_by_then(
    desk: Desk,
):
    stranger = desk.stranger(await desk.inbox())
    first = await starts(desk, stranger, client_id="a")
    assert await starts(desk, stranger, client_id="a") == first
    assert await starts(desk, as_started(stranger, first), client_id="a") == first
    with pytest.raises(Conflict, match="You used this client id for another message"):
        await starts(desk, stranger, "Another", client_id="a")
    other = await starts(desk, stranger, client_id="b")
    assert other.conversation.id != first.conversation.id
    assert other.contact == first.contact
    assert (await count(desk, contact), await count(desk, device)) == (1, 1)


async def test_two_strangers_are_two_contacts_under_the_same_client_id(desk: Desk):
    inbox = await desk.inbox()
    one = await starts(desk, desk.stranger(inbox), client_id="a")
    two = await starts(desk, desk.stranger(inbox), client_id="a")
    assert one.contact != two.contact


async def test_where_there_is_a_bot_it_has_the_conversation_first(desk: Desk):
    bot = await desk.agent(role=AgentRole.BOT)
    inbox = await desk.inbox(bot_id=bot.id)
    started = await starts(desk, desk.stranger(inbox))
    assert started.conversation.status is Status.PENDING
    assert started.conversation.assignee == Person(role=bot.member.role, name=bot.name, id=bot.id)


async def test_a_bot_that_is_gone_has_nothing(desk: Desk):
    bot = await desk.agent(active=0)
    started = await starts(desk, desk.stranger(await desk.inbox(bot_id=bot.id)))
    assert started.conversation.status is Status.QUEUED
    assert started.conversation.assignee is None


async def test_the_first_questions_must_be_answered_and_fill_in_the_contact(desk: Desk):
    inbox = await desk.inbox(settings={"prechat": FORM})
    stranger = desk.stranger(inbox)
    with pytest.raises(BadInput, match="answers"):
        await starts(desk, stranger)
    with pytest.raises(BadInput, match=r"answers\.name"):
        await starts(desk, stranger, answers={"email": "li@example.com"})
    answers = {"name": " Li ", "email": "LI@Example.com"}
    started = await starts(desk, stranger, "", answers=answers, client_id="a")
    assert started.message.answers == {"name": "Li", "email": "li@example.com"}
    assert await starts(desk, stranger, "", answers=answers, client_id="a") == started
    with pytest.raises(Conflict, match="You used this client id for another message"):
        await starts(desk, stranger, "", answers={"name": "Li"}, client_id="a")
    email = await desk.ctx.database.read(lambda conn: conn.scalar(select(contact.c.email)))
    assert email == "li@example.com"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Li Lei", "Li Lei"),
        ("Li\u202e  Lei\u200b", "Li Lei"),
        ("\u2800", None),
        ("Anna", None),
        ("АNNА", None),  # in Cyrillic letters
    ],
)
async def test_a_question_for_the_name_names_a_new_contact_unless_it_passes_for_an_agent(
    desk: Desk, answer: str, shown: str | None
):
    await desk.agent(name="Anna")
    stranger = desk.stranger(await desk.inbox(settings={"prechat": FORM}))
    started = await starts(desk, stranger, answers={"name": answer})
    anonymous = f"Visitor {stranger.token_hash[:4].upper()}"
    assert started.message.sender.name == (shown or anonymous)
    again = await starts(desk, stranger, answers={"name": "Another"})
    assert again.message.sender.name == started.message.sender.name


async def test_nothing_said_begins_nothing(desk: Desk):
    stranger = desk.stranger(await desk.inbox())
    with pytest.raises(BadInput, match="blank"):
        await starts(desk, stranger, " \n")
    with pytest.raises(BadInput, match="none"):
        await starts(desk, stranger, answers={"name": "Li"})
    assert await count(desk, contact) == 0


async def test_outside_the_hours_an_inbox_takes_what_it_says(desk: Desk):
    waits = await desk.inbox(settings={"hours": CLOSED})
    assert (await starts(desk, desk.stranger(waits))).conversation.status is Status.QUEUED
    asks = desk.stranger(await desk.inbox(settings={"hours": CLOSED, "offline": "form"}))
    with pytest.raises(IllegalState, match="e-mail"):
        await starts(desk, asks)
    await starts(desk, asks, email="li@example.com")
    await starts(desk, asks)  # the address is known by now
    closed = await desk.inbox(settings={"hours": CLOSED, "offline": "closed"})
    with pytest.raises(IllegalState):
        await starts(desk, desk.stranger(closed), email="li@example.com")


async def test_outside_the_hours_the_form_for_that_is_asked(desk: Desk):
    away = {"fields": [{"name": "mail", "label": "E-mail", "type": "email", "required": True}]}
    both = {"prechat": FORM, "offline_form": away, "offline": "form"}
    closed = desk.stranger(await desk.inbox(settings={"hours": CLOSED, **both}))
    with pytest.raises(BadInput, match="answers"):
        await starts(desk, closed, answers={"name": "Li"})
    begun = await starts(desk, closed, answers={"mail": "li@example.com"})
    assert begun.message.answers == {"mail": "li@example.com"}
    opened = desk.stranger(await desk.inbox("Open", settings=both))
    assert (await starts(desk, opened, answers={"name": "Li"})).message.answers == {"name": "Li"}
    queued = both | {"offline": "queue"}
    waits = desk.stranger(await desk.inbox("Queue", settings={"hours": CLOSED, **queued}))
    assert (await starts(desk, waits, answers={"name": "Li"})).message.answers == {"name": "Li"}


async def test_only_those_begin_whom_the_inbox_takes(desk: Desk):
    inbox = await desk.inbox()
    blocked = await desk.visitor(inbox, blocked_ms=1)
    with pytest.raises(NotAllowed):
        await starts(desk, blocked)
    with pytest.raises(Unauthenticated):
        await starts(desk, desk.stranger(await desk.inbox(settings={"identity_required": True})))
    with pytest.raises(NotAllowed):
        await starts(desk, await desk.agent(inboxes=[inbox]))  # type: ignore[arg-type]
    nobody = desk.stranger(inbox)
    with pytest.raises(Unauthenticated):
        await starts(desk, type(nobody)(0, inbox, ""))


async def test_a_contact_has_a_bounded_number_of_live_conversations(desk: Desk):
    visitor = await desk.visitor(await desk.inbox())
    for _ in range(desk.ctx.limits.live_conversations):
        await starts(desk, visitor)
    with pytest.raises(TooMany):
        await starts(desk, visitor)


async def test_the_visitor_hears_what_they_began(desk: Desk):
    visitor = await desk.visitor(await desk.inbox())
    heard = desk.recorder(contact_channel(visitor.contact_id), team=False)
    await starts(desk, visitor)
    assert [(one.seq, one.prev) for one in heard.events] == [(1, 0), (2, 1)]


async def test_a_first_message_asks_the_store_little_however_many_work_in_the_inbox(desk: Desk):
    inbox = await desk.inbox()
    for _ in range(3):
        await desk.agent(inboxes=[inbox])
    asked: list[str] = []

    def note(conn: Connection, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        stranger = desk.stranger(inbox)
        started = await starts(desk, stranger)
        for_starting = len(asked)
        who = as_started(stranger, started)
        do = OpenConversation(conversation=started.conversation.id)
        await open_conversation(desk.call(who), do)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert for_starting <= 26
    assert len(asked) - for_starting <= 10
    assert not [one for one in asked if "inbox_agent" in one]


WORDS = {"en": "May we help?", "zh-CN": "需要帮忙吗？"}
INVITATION = {"name": "help", "text": WORDS, "pages": ["/a*"]}
HERE: dict[str, Any] = {"invitation": "help", "page": "https://www.example.com/a?b#c"}


async def test_an_invitation_is_stored_before_the_message_that_answers_it(desk: Desk):
    inbox = await desk.inbox(settings={"invitations": [INVITATION]})
    stranger = desk.stranger(inbox)
    first = await starts(desk, stranger, "是", client_id="a", locale="zh-CN", **HERE)
    assert await starts(desk, stranger, "是", client_id="a", locale="zh-CN", **HERE) == first
    _, asked, said = await timeline(desk, first.conversation.id)
    assert (asked.type, asked.sender.role, asked.text) == (
        Entry.MESSAGE, Role.SYSTEM, "需要帮忙吗？"
    )  # fmt: skip
    assert (said.seq, said.text) == (first.message.seq, "是")
    team = await desk.ctx.database.read(
        lambda conn: stored.get_conversation(conn, first.conversation.id)
    )
    assert (team.unread, team.last_message and team.last_message.text) == (1, "是")


@pytest.mark.parametrize(
    "claimed",
    [
        {"invitation": "gone", "page": HERE["page"]},
        {"invitation": "help", "page": "https://www.example.com/b"},
        {"invitation": "help"},
    ],
    ids=["gone", "another page", "no page"],
)
async def test_what_was_no_invitation_keeps_nobody_from_writing(desk: Desk, claimed):
    inbox = await desk.inbox(settings={"invitations": [INVITATION]})
    started = await starts(desk, desk.stranger(inbox), "Hi", **claimed)
    assert [one.text for one in await timeline(desk, started.conversation.id)] == ["", "Hi"]


async def test_consent_is_asked_for_once_and_kept_with_its_time(desk: Desk):
    stranger = desk.stranger(await desk.inbox(settings={"consent": {}}))
    with pytest.raises(BadInput, match="consent"):
        await starts(desk, stranger)
    assert await count(desk, contact) == 0
    begun = await starts(desk, stranger, consent=True)
    (known,) = await desk.ctx.database.read(lambda conn: load_contacts(conn, [begun.contact]))
    agreed_at = known.consented_at
    assert agreed_at == at(desk.clock.now_ms)
    desk.clock.advance(60)
    await starts(desk, stranger)
    await starts(desk, stranger, consent=True)
    (known,) = await desk.ctx.database.read(lambda conn: load_contacts(conn, [begun.contact]))
    assert known.consented_at == agreed_at


async def test_no_consent_is_kept_that_nobody_asked_for(desk: Desk):
    begun = await starts(desk, desk.stranger(await desk.inbox()), consent=True)
    (known,) = await desk.ctx.database.read(lambda conn: load_contacts(conn, [begun.contact]))
    assert known.consented_at is None


async def test_what_a_page_says_of_a_visitor_is_shown_to_the_team_as_unverified(desk: Desk):
    inbox = await desk.inbox()
    team = desk.recorder(inbox_channel(inbox))
    page: dict[str, Any] = {
        "page": "https://www.example.com/prices",
        "title": "Prices\u202e" + "x" * 500,
        "attributes": {"plan": "pro", "seats": 3},
    }
    started = await starts(desk, desk.stranger(inbox), **page)
    state = team.events[0].state
    assert state is not None
    assert state.unverified == {"plan": "pro", "seats": 3}
    assert state.attributes == {}
    assert state.title is not None
    assert len(state.title) <= 200
    assert "\u202e" not in state.title
    assert (started.conversation.unverified, started.conversation.title) == ({}, None)
    faults: list[dict[str, Any]] = [{"plan": {}}, {"plan": "x" * 1_001}, {"__proto__": 1}]
    for fault in faults:
        with pytest.raises(BadInput, match="attributes"):
            await starts(desk, desk.stranger(inbox), attributes=fault)


ASKS_ALL = {
    "fields": [
        {"name": "name", "label": "Your name", "required": True},
        {"name": "mail", "label": "E-mail", "type": "email", "required": True},
        {"name": "order", "label": "Order", "required": True},
    ]
}


async def test_a_form_asks_nobody_for_what_the_site_said_of_them(desk: Desk):
    inbox = await desk.inbox(settings={"prechat": ASKS_ALL})
    plain = await desk.visitor(inbox, email="li@example.com")
    li = replace(plain, verified=True)
    with pytest.raises(BadInput, match=r"answers\.order"):
        await starts(desk, li, answers={})
    with pytest.raises(BadInput, match="answers"):
        await starts(desk, li)
    begun = await starts(desk, li, answers={"order": "A-17"}, client_id="a")
    assert begun.message.answers == {"order": "A-17"}
    assert await starts(desk, li, answers={"order": "A-17"}, client_id="a") == begun
    with pytest.raises(BadInput, match=r"answers\.name"):  # a name that they gave is no proof
        await starts(desk, plain, answers={"order": "A-17"})
    unknown = replace(await desk.visitor(inbox), verified=True)
    with pytest.raises(BadInput, match=r"answers\.mail"):
        await starts(desk, unknown, answers={"order": "A-17"})


async def test_a_form_that_asks_for_nothing_else_need_not_be_answered(desk: Desk):
    inbox = await desk.inbox(settings={"prechat": {"fields": ASKS_ALL["fields"][:2]}})
    li = replace(await desk.visitor(inbox, email="li@example.com"), verified=True)
    assert (await starts(desk, li)).message.answers is None
    with pytest.raises(BadInput, match="answers"):
        await starts(desk, desk.stranger(inbox))


async def test_only_the_first_question_for_an_address_is_about_the_visitor(desk: Desk):
    friend = {"name": "friend", "label": "A friend's", "type": "email", "required": True}
    fields = [ASKS_ALL["fields"][1], friend]
    inbox = await desk.inbox(settings={"prechat": {"fields": fields}})
    li = await desk.visitor(inbox, email="li@example.com")
    with pytest.raises(BadInput, match=r"answers\.friend"):
        await starts(desk, li, answers={})


async def test_a_start_with_all_that_an_inbox_asks_for_is_one_conversation_however_often_sent(
    desk: Desk,
):
    settings = {"prechat": FORM, "consent": {}, "invitations": [INVITATION]}
    stranger = desk.stranger(await desk.inbox(settings=settings))
    asked = {"client_id": "a", "answers": {"name": "Li"}, "consent": True, **HERE}
    began = await asyncio.gather(*(starts(desk, stranger, "Yes", **asked) for _ in range(3)))
    assert began[0] == began[1] == began[2]
    assert await count(desk, conversation) == await count(desk, contact) == 1
    said = [one.text for one in await timeline(desk, began[0].conversation.id)]
    assert said == ["", "May we help?", "Yes"]
