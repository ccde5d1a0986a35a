"""Letters: who gets one, when, what stands in it, and where its link leads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Row, select, update

from kefu.actions.devices import EndDevice, ListDevices, end_device, list_devices
from kefu.actions.letters import Post
from kefu.actions.mail import AcceptChatLink, SendTranscript, accept_chat_link, send_transcript
from kefu.actions.visitor import LeaveEmail, MarkRead, leave_email, mark_read
from kefu.core.actors import Agent, AgentRole, Visitor
from kefu.core.errors import (
    BadInput,
    ChatError,
    Conflict,
    IllegalState,
    NotAllowed,
    NotFound,
    TooMany,
)
from kefu.core.tokens import Kind, hash_token
from kefu.hub import contact_channel, device_channel
from kefu.outbound.mail import MailServer
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.outbox_house import House, house_of
from tests.actions.people import actor_of
from tests.outbound.smtp import MailBox, parsed, smtp_server

URL = "https://chat.example.com"
DEVICE = Kind.DEVICE + "d" * 43
DAY_S = 86_400
LATER_S = 121


@dataclass
class Mailing:
    """A house, the agent who answers in it, and the box that its letters go to."""

    house: House
    ann: Agent
    box: MailBox

    async def letters(self) -> list[Row[Any]]:
        """What the store knows of letters."""
        chosen = select(schema.letter).order_by(schema.letter.c.id)
        return list(await self.house.desk.ctx.database.read(lambda c: c.execute(chosen).all()))

    async def set_contact(self, **values: object) -> None:
        """Change Li."""
        li = schema.contact.c.id == self.house.li.contact_id
        change = update(schema.contact).where(li).values(values)
        await self.house.desk.ctx.database.write(lambda conn: conn.execute(change))

    async def pass_by(self, seconds: float = LATER_S) -> None:
        """Time goes by, and the outbox looks."""
        await self.house.look()
        self.house.desk.clock.advance(seconds)
        await self.house.look()

    async def link(self) -> str:
        """The token of the link in the last letter."""
        text = self.box.messages[-1].get_body(("plain",))
        assert text is not None
        found = re.search(rf"{URL}/chat/\S+#(kl_\S{{43}})", text.get_content())
        assert found
        return found[1]


@pytest.fixture
async def mailing(desk: Desk) -> AsyncIterator[Mailing]:
    async with smtp_server() as box, house_of(desk, Post(box.server, URL)) as house:
        made = Mailing(house, await desk.agent("Ann", inboxes=[house.inbox]), box)
        await house.look()  # the timeline is followed from here on
        await made.set_contact(email="li@example.com")
        yield made


on_one_store = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)


async def test_an_answer_that_is_not_read_is_told_by_one_letter(mailing: Mailing):
    await mailing.house.say("Is anybody there?")
    await mailing.house.say("Yes, **here**.", "Still here.", by=mailing.ann)
    await mailing.house.look()
    assert not mailing.box.messages
    await mailing.pass_by()
    [message] = mailing.box.messages
    assert message["To"] == "li@example.com"
    text = message.get_body(("plain",))
    assert text is not None
    said = text.get_content()
    assert "Yes, here." in said
    assert "Answers to this letter are not read." in said
    assert message["Reply-To"] is None
    assert "Still here." in said
    assert "Is anybody there?" not in said
    await mailing.house.say("Hello?", by=mailing.ann)
    await mailing.pass_by()
    await mailing.pass_by(DAY_S)
    assert len(mailing.box.messages) == 1


async def test_after_the_visitor_wrote_there_may_be_another_letter(mailing: Mailing):
    for _ in range(2):
        await mailing.house.say("question")
        await mailing.house.say("answer", by=mailing.ann)
        await mailing.pass_by()
    assert len(mailing.box.messages) == 2
    first, second = mailing.box.messages
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"]


@on_one_store
async def test_whoever_has_read_it_gets_no_letter(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.house.look()
    call = mailing.house.desk.call(mailing.house.li)
    await mark_read(call, MarkRead(conversation=mailing.house.talk, seq=1))
    await mailing.pass_by()
    assert [row.state for row in await mailing.letters()] == ["unneeded"]
    await mailing.house.say("another", by=mailing.ann)
    await mailing.pass_by()
    assert len(mailing.box.messages) == 1


@on_one_store
async def test_whoever_is_there_gets_no_letter_until_they_are_away(mailing: Mailing):
    here = mailing.house.desk.recorder(contact_channel(mailing.house.li.contact_id), team=False)
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.pass_by()
    assert not mailing.box.messages
    mailing.house.desk.hub.ignore(contact_channel(mailing.house.li.contact_id), here)
    await mailing.pass_by()
    assert len(mailing.box.messages) == 1


@on_one_store
@pytest.mark.parametrize(
    "values", [{"email": None}, {"blocked_ms": 1}], ids=["no address", "blocked"]
)
async def test_some_get_no_letter(mailing: Mailing, values: dict[str, object]):
    await mailing.set_contact(**values)
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.house.note("a note", by=mailing.ann)
    await mailing.pass_by()
    assert not await mailing.letters()


@on_one_store
async def test_notes_are_no_answer(mailing: Mailing):
    await mailing.house.say("question")
    await mailing.house.note("a note", by=mailing.ann)
    await mailing.pass_by()
    assert not await mailing.letters()


@on_one_store
async def test_an_address_left_after_the_answer_is_in_time(mailing: Mailing):
    await mailing.set_contact(email=None)
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.house.look()
    call = mailing.house.desk.call(mailing.house.li)
    await leave_email(call, LeaveEmail(conversation=mailing.house.talk, email="li@example.org"))
    await mailing.pass_by()
    assert [message["To"] for message in mailing.box.messages] == ["li@example.org"]


@on_one_store
async def test_a_mail_server_that_is_set_up_later_is_not_flooded(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    mailing.house.desk.clock.advance(2 * DAY_S)
    await mailing.pass_by()
    assert not await mailing.letters()


async def test_trouble_is_tried_again_under_the_same_message_id(mailing: Mailing):
    mailing.box.refuses = {"DATA": "451 Later"}
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.pass_by()
    [row] = await mailing.letters()
    assert (row.state, row.attempts, row.fault) == ("waiting", 1, "content_refused")
    mailing.box.refuses = {}
    await mailing.pass_by(60)
    [row] = await mailing.letters()
    assert (row.state, row.attempts, row.fault) == ("sent", 2, None)
    [message] = mailing.box.messages
    [refused] = mailing.box.refused
    assert parsed(refused)["Message-ID"] == message["Message-ID"]
    assert re.fullmatch(f"<letter-[0-9a-f]{{12}}-{row.id}@hooks.test>", message["Message-ID"])


@on_one_store
async def test_a_refusal_for_good_ends_the_letter(mailing: Mailing):
    mailing.box.refuses = {"RCPT": "550 Unknown"}
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.pass_by()
    await mailing.pass_by(DAY_S)
    [row] = await mailing.letters()
    assert (row.state, row.attempts, row.fault) == ("failed", 1, "recipient_refused")


@on_one_store
async def test_trouble_is_given_up_after_a_day(mailing: Mailing):
    mailing.box.refuses = {"MAIL": "421 Busy"}
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.house.look()
    began_ms = mailing.house.desk.clock.now_ms
    while (due_ms := await mailing.house.look()) is not None:
        mailing.house.desk.clock.now_ms = due_ms
    assert mailing.house.desk.clock.now_ms - began_ms <= DAY_S * 1000
    [row] = await mailing.letters()
    assert row.state == "failed"
    assert row.attempts > 10


async def ask(mailing: Mailing, by: Agent | Visitor | None = None, to: str | None = None) -> str:
    call = mailing.house.desk.call(by or mailing.house.li)
    done = await send_transcript(call, SendTranscript(conversation=mailing.house.talk, to=to))
    return done.to


async def test_a_transcript_has_what_the_visitor_may_see(mailing: Mailing):
    await mailing.house.say("What does it cost?")
    await mailing.house.note("Rich one", by=mailing.ann)
    await mailing.house.say("Nothing.", by=mailing.ann)
    assert await ask(mailing) == "li@example.com"
    await mailing.house.look()
    [message] = mailing.box.messages
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        said = body.get_content()
        assert "What does it cost?" in said
        assert "Nothing." in said
        assert "Rich one" not in said
    kinds = [(row.kind, row.state) for row in await mailing.letters()]
    assert ("transcript", "sent") in kinds


@on_one_store
@pytest.mark.parametrize(
    ("to", "refusal"),
    [("somebody@example.com", NotAllowed), ("no address", BadInput)],
    ids=["somebody else", "no address"],
)
async def test_a_visitor_has_no_transcript_sent_elsewhere(
    mailing: Mailing, to: str, refusal: type[ChatError]
):
    await mailing.house.say("answer", by=mailing.ann)
    with pytest.raises(refusal):
        await ask(mailing, to=to)
    assert await ask(mailing, to="LI@example.com") == "li@example.com"


@on_one_store
async def test_an_agent_may_send_a_transcript_elsewhere_and_it_leaves_a_trace(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    assert await ask(mailing, mailing.ann, "boss@example.com") == "boss@example.com"
    chosen = select(schema.audit.c.act, schema.audit.c.actor)
    rows = await mailing.house.desk.ctx.database.read(lambda conn: conn.execute(chosen).all())
    assert ("conversation.send_transcript", mailing.ann.key) in [tuple(row) for row in rows]


@on_one_store
async def test_there_is_no_transcript_of_what_nobody_answered(mailing: Mailing):
    await mailing.house.say("Buy my pills!")
    with pytest.raises(IllegalState):
        await ask(mailing)


@on_one_store
async def test_transcripts_need_an_address(mailing: Mailing):
    await mailing.set_contact(email=None)
    await mailing.house.say("answer", by=mailing.ann)
    with pytest.raises(BadInput):
        await ask(mailing)


@on_one_store
async def test_transcripts_of_a_contact_and_to_an_address_are_few_a_day(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    for _ in range(3):
        await ask(mailing)
    with pytest.raises(TooMany):  # to another address, of the same contact
        await ask(mailing, mailing.ann, "boss@example.com")
    house = mailing.house
    wang = await house.desk.visitor(house.inbox, "Wang", email="li@example.com")
    talk = await house.desk.conversation(wang)
    await house.say("answer", by=mailing.ann, talk=talk)
    with pytest.raises(TooMany):  # of another contact, to the same address
        await send_transcript(house.desk.call(wang), SendTranscript(conversation=talk))
    house.desk.clock.advance(DAY_S)
    await ask(mailing)


@on_one_store
async def test_without_a_mail_server_transcripts_are_refused_and_no_letters_made(desk: Desk):
    async with house_of(desk) as house:
        ann = await desk.agent("Ann", inboxes=[house.inbox])
        await house.say("answer", by=ann)
        with pytest.raises(IllegalState, match="no mail"):
            await send_transcript(desk.call(ann), SendTranscript(conversation=house.talk))
        desk.clock.advance(LATER_S)
        await house.look()
        assert not await Mailing(house, ann, MailBox(MailServer(), {})).letters()


async def told(mailing: Mailing) -> str:
    """The token of a letter's link."""
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.pass_by()
    return await mailing.link()


async def widget_key(mailing: Mailing) -> str:
    key = select(schema.inbox.c.widget_key).where(schema.inbox.c.id == mailing.house.inbox)
    return str(await mailing.house.desk.ctx.database.read(lambda conn: conn.scalar(key)))


async def browser(mailing: Mailing, token: str = DEVICE) -> Visitor:
    found = await actor_of(mailing.house.desk.ctx, token, await widget_key(mailing))
    assert isinstance(found, Visitor)
    return found


async def test_the_link_lets_a_browser_go_on_with_the_conversation(mailing: Mailing):
    link = await told(mailing)
    assert (await browser(mailing)).contact_id == 0
    for _ in range(2):  # the answer may have been lost
        call = mailing.house.desk.call(await browser(mailing))
        opened = await accept_chat_link(call, AcceptChatLink(link=link))
        assert opened.conversation.id == mailing.house.talk
        assert opened.contact == mailing.house.li.contact_id
    known = await browser(mailing)
    assert known.contact_id == mailing.house.li.contact_id
    await mailing.house.say("I am back", by=known)


@on_one_store
async def test_the_link_of_a_transcript_goes_on_with_the_conversation_too(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    await ask(mailing)
    await mailing.house.look()
    call = mailing.house.desk.call(await browser(mailing))
    opened = await accept_chat_link(call, AcceptChatLink(link=await mailing.link()))
    assert opened.conversation.id == mailing.house.talk


@on_one_store
async def test_a_transcript_for_somebody_else_has_no_link(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    await ask(mailing, mailing.ann, "boss@example.com")
    await mailing.house.look()
    await mailing.set_contact(identifier="user:42")
    await ask(mailing, mailing.ann)
    await mailing.house.look()
    assert [one["To"] for one in mailing.box.messages] == ["boss@example.com", "li@example.com"]
    assert not any("kl_" in one.as_string() for one in mailing.box.messages)


async def is_linked(mailing: Mailing, by: Agent | Visitor | None = None, to: str = "") -> bool:
    """What the answer to another transcript says of its link."""
    mailing.house.desk.clock.advance(DAY_S)
    do = SendTranscript(conversation=mailing.house.talk, to=to or None)
    return (await send_transcript(mailing.house.desk.call(by or mailing.house.li), do)).linked


async def test_who_asks_for_a_transcript_is_told_whether_it_has_a_link(mailing: Mailing):
    await mailing.house.say("answer", by=mailing.ann)
    assert await is_linked(mailing)
    assert not await is_linked(mailing, mailing.ann, "boss@example.com")
    settings = msgspec.json.encode({"identity_required": True}).decode()
    here = schema.inbox.c.id == mailing.house.inbox
    for values, expected in ((settings, False), ("{}", True)):
        change = update(schema.inbox).where(here).values(settings=values)
        await mailing.house.desk.ctx.database.write(partial(Connection.execute, statement=change))
        assert await is_linked(mailing) is expected
    await mailing.set_contact(identifier="user:42")
    assert not await is_linked(mailing)


async def test_where_it_is_not_known_how_browsers_reach_the_server_no_link_is_kept(desk: Desk):
    async with smtp_server() as box, house_of(desk, Post(box.server)) as house:
        mailing = Mailing(house, await desk.agent("Ann", inboxes=[house.inbox]), box)
        await house.look()
        await mailing.set_contact(email="li@example.com")
        await house.say("answer", by=mailing.ann)
        assert not await is_linked(mailing)
        await mailing.pass_by()
        assert len(box.messages) == 2  # the transcript, and that there is an answer
        assert not any("kl_" in one.as_string() for one in box.messages)
        links = select(schema.chat_link.c.id)
        assert await desk.ctx.database.read(lambda conn: conn.scalars(links).all()) == []


@on_one_store
async def test_a_link_holds_for_a_while(mailing: Mailing):
    link = await told(mailing)
    mailing.house.desk.clock.advance(7 * DAY_S)
    with pytest.raises(NotFound):
        await accept_chat_link(
            mailing.house.desk.call(await browser(mailing)), AcceptChatLink(link=link)
        )


@on_one_store
async def test_a_link_is_for_the_first_browser_that_opens_it(mailing: Mailing):
    """A letter that is passed on, or its link that a stranger has, lets nobody else in."""
    link, ctx = await told(mailing), mailing.house.desk
    await accept_chat_link(ctx.call(await browser(mailing)), AcceptChatLink(link=link))
    for number in range(3):
        other = await browser(mailing, f"{Kind.DEVICE}{number:043}")
        with pytest.raises(IllegalState, match="another browser"):
            await accept_chat_link(ctx.call(other), AcceptChatLink(link=link))
    again = await accept_chat_link(ctx.call(await browser(mailing)), AcceptChatLink(link=link))
    assert again.contact == mailing.house.li.contact_id


@on_one_store
@pytest.mark.parametrize("email", ["li@example.org", None], ids=["another", "none"])
async def test_a_link_holds_as_long_as_the_address_that_it_went_to(
    mailing: Mailing, email: str | None
):
    link = await told(mailing)
    await mailing.set_contact(email=email)
    with pytest.raises(NotFound):
        await accept_chat_link(
            mailing.house.desk.call(await browser(mailing)), AcceptChatLink(link=link)
        )


@on_one_store
async def test_a_browser_that_came_by_a_link_can_be_ended(mailing: Mailing):
    link, desk = await told(mailing), mailing.house.desk
    await accept_chat_link(desk.call(await browser(mailing)), AcceptChatLink(link=link))
    li = mailing.house.li
    listed = (await list_devices(desk.call(li), ListDevices())).items
    assert [(one.linked, one.current) for one in listed] == [(False, True), (True, False)]
    heard = desk.recorder(device_channel(hash_token(DEVICE)))
    await end_device(desk.call(li), EndDevice(device=listed[1].id))
    assert heard.reasons == ["logged_out"]
    known = await browser(mailing)
    assert known.contact_id == 0
    with pytest.raises(NotFound):
        await accept_chat_link(desk.call(known), AcceptChatLink(link=link))
    assert len((await list_devices(desk.call(li), ListDevices())).items) == 1


@on_one_store
async def test_nobody_sees_or_ends_anothers_browsers(mailing: Mailing):
    desk, li = mailing.house.desk, mailing.house.li
    (mine,) = (await list_devices(desk.call(li), ListDevices())).items
    wang, outsider = await desk.visitor(mailing.house.inbox, "Wang"), await desk.agent()
    for actor in (wang, outsider):
        with pytest.raises(NotFound):
            await list_devices(desk.call(actor), ListDevices(contact=li.contact_id))
    boss = await desk.agent(role=AgentRole.SUPERVISOR)
    for actor in (wang, boss):
        with pytest.raises(NotFound):
            await end_device(desk.call(actor), EndDevice(device=mine.id))
    with pytest.raises(NotAllowed):
        await end_device(desk.call(mailing.ann), EndDevice(device=mine.id))
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[mailing.house.inbox])
    await end_device(desk.call(boss), EndDevice(device=mine.id))


@on_one_store
async def test_a_link_is_for_its_inbox_and_no_other(mailing: Mailing):
    link = await told(mailing)
    stranger = mailing.house.desk.stranger(await mailing.house.desk.inbox())
    with pytest.raises(NotFound):
        await accept_chat_link(mailing.house.desk.call(stranger), AcceptChatLink(link=link))
    with pytest.raises(NotFound):
        await accept_chat_link(
            mailing.house.desk.call(await browser(mailing)), AcceptChatLink(link="kl_" + "x" * 43)
        )


@on_one_store
async def test_a_browser_that_is_somebody_else_s_stays_so(mailing: Mailing):
    link = await told(mailing)
    wang = await mailing.house.desk.visitor(mailing.house.inbox, "Wang")
    with pytest.raises(Conflict):
        await accept_chat_link(mailing.house.desk.call(wang), AcceptChatLink(link=link))


@on_one_store
async def test_agents_have_no_use_for_a_link(mailing: Mailing):
    with pytest.raises(NotAllowed):
        await accept_chat_link(
            mailing.house.desk.call(mailing.ann), AcceptChatLink(link=await told(mailing))
        )


@on_one_store
async def test_whom_a_site_vouches_for_gets_no_link_and_opens_none(mailing: Mailing):
    link = await told(mailing)
    await mailing.set_contact(identifier="user:42")
    with pytest.raises(NotFound):
        await accept_chat_link(
            mailing.house.desk.call(await browser(mailing)), AcceptChatLink(link=link)
        )
    await mailing.house.say("question")
    await mailing.house.say("answer", by=mailing.ann)
    await mailing.pass_by()
    assert len(mailing.box.messages) == 2
    assert "kl_" not in mailing.box.messages[-1].as_string()


@on_one_store
async def test_the_store_keeps_no_link(mailing: Mailing):
    link = await told(mailing)
    chosen = select(schema.chat_link.c.token_hash)
    assert await mailing.house.desk.ctx.database.read(lambda conn: conn.scalar(chosen)) == (
        hash_token(link)
    )


@on_one_store
async def test_what_a_letter_says_is_in_the_visitor_s_language(mailing: Mailing):
    about = msgspec.json.encode({"locale": "zh-CN"}).decode()
    here = schema.conversation.c.id == mailing.house.talk
    change = update(schema.conversation).where(here).values(about=about)
    await mailing.house.desk.ctx.database.write(lambda conn: conn.execute(change))
    await mailing.house.say("您好", by=mailing.ann)
    await mailing.pass_by()
    assert "回复了您" in mailing.box.messages[0]["Subject"]


@on_one_store
@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Shanghai", "UTC+08:00"), ("Asia/Kolkata", "UTC+05:30"), ("Mars/Olympus", "UTC] ")],
)
async def test_times_are_in_the_visitor_s_zone(mailing: Mailing, zone: str, shown: str):
    about = msgspec.json.encode({"time_zone": zone}).decode()
    here = schema.conversation.c.id == mailing.house.talk
    change = update(schema.conversation).where(here).values(about=about)
    await mailing.house.desk.ctx.database.write(lambda conn: conn.execute(change))
    await mailing.house.say("Hello", by=mailing.ann)
    await mailing.pass_by()
    text = mailing.box.messages[0].get_body(("plain",))
    assert text is not None
    assert shown in text.get_content()


@on_one_store
async def test_answers_go_where_they_are_read(desk: Desk):
    async with smtp_server() as box:
        server = msgspec.structs.replace(box.server, reply_to="help@shop.example")
        async with house_of(desk, Post(server, URL)) as house:
            made = Mailing(house, await desk.agent("Ann", inboxes=[house.inbox]), box)
            await house.look()
            await made.set_contact(email="li@example.com")
            await house.say("Hello", by=made.ann)
            await made.pass_by()
        [message] = box.messages
        assert message["Reply-To"] == "help@shop.example"
        text = message.get_body(("plain",))
        assert text is not None
        assert "not read" not in text.get_content()
