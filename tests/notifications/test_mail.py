"""Letters to those of the team who are not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from kefu.actions.letters import Post
from kefu.actions.outbox import Outbox
from kefu.core.actors import Agent, Visitor
from kefu.core.urls import read_allowed
from kefu.notifications.mail import plan
from kefu.outbound.fetch import Fetcher
from kefu.profile.preferences import Mail, Preferences
from kefu.profile.rows import set_preferences
from kefu.storage import schema
from tests.actions.acts import chat, notes, says, starts
from tests.actions.desk import NOW_MS, Desk
from tests.outbound.smtp import MailBox, smtp_server

URL = "https://chat.example.com"
GATHERED_S, EVERY_S = 120.0, 1_800.0
ALL = Mail(waiting=True, answers=True)
LONG_GONE: dict[str, Any] = {"gone_ms": NOW_MS - 60_000}


@dataclass
class Team:
    """A desk with a mail server, and Ann, who is not there and wants letters."""

    desk: Desk
    outbox: Outbox
    box: MailBox
    inbox: int
    ann: Agent

    async def set_agent(self, agent: Agent, **values: Any) -> None:
        table = schema.agent
        changed = update(table).where(table.c.id == agent.id).values(values)
        await self.desk.ctx.database.write(lambda conn: conn.execute(changed))

    async def prefer(self, agent: Agent, wants: Preferences) -> None:
        await self.desk.ctx.database.write(lambda conn: set_preferences(conn, agent.id, wants))

    async def pass_by(self, seconds: float = 0) -> None:
        """Time goes by, and the server looks before and after."""
        for wait_s in (0, seconds):
            self.desk.clock.advance(wait_s)
            await plan(self.desk.ctx)
            await self.outbox.look()
            await self.outbox.settled()

    async def begin(self) -> tuple[Visitor, int]:
        return await chat(self.desk, self.inbox)

    async def letters(self) -> list[Row[Any]]:
        chosen = select(schema.letter).order_by(schema.letter.c.id)
        return list(await self.desk.ctx.database.read(lambda conn: conn.execute(chosen).all()))

    def said(self, number: int = -1) -> str:
        part = self.box.messages[number].get_body(("plain",))
        assert part is not None
        text: str = part.get_content()
        return text


@pytest.fixture
async def team(desk: Desk) -> AsyncIterator[Team]:
    async with smtp_server() as box:
        fetcher = Fetcher(read_allowed([]))
        outbox = Outbox(desk.ctx, fetcher, Post(box.server, URL))
        inbox = await desk.inbox("Plain Kettle")
        ann = await desk.agent("Ann", inboxes=[inbox], email="ann@example.com", **LONG_GONE)
        made = Team(desk, outbox, box, inbox, ann)
        await made.prefer(ann, Preferences(mail=ALL))
        await made.pass_by()
        yield made
        await outbox.close()
        fetcher.close()


async def test_what_waits_while_nobody_is_there_is_told_by_one_gathered_letter(team: Team):
    _, first = await team.begin()
    await team.pass_by(GATHERED_S - 1)
    _, second = await team.begin()
    assert not team.box.messages
    await team.pass_by(1)
    [message] = team.box.messages
    assert message["To"] == "ann@example.com"
    assert message["Subject"] == "Chats that wait for an answer: 2"
    for id in (first, second):
        assert f"{URL}/console/conversations/{id}" in team.said()
    assert "Plain Kettle" in team.said()
    assert "Hello" in team.said()
    assert "switch them off" in team.said()


async def test_nothing_is_told_twice_and_a_flood_makes_no_flood(team: Team):
    visitor, id = await team.begin()
    await team.pass_by(GATHERED_S)
    await team.pass_by(EVERY_S * 3)
    assert len(team.box.messages) == 1
    for _ in range(40):
        await team.begin()
    await says(team.desk, visitor, id, "Still here")
    await team.pass_by(EVERY_S - GATHERED_S)
    await team.pass_by(GATHERED_S)
    assert len(team.box.messages) == 2
    assert team.said().count("/console/conversations/") == 20
    assert team.box.messages[1]["Subject"] == "Chats that wait for an answer: 41"
    assert "And others that wait: 21." in team.said()
    for _ in range(6):
        assert len(team.box.messages) == 2
        await team.begin()
        await team.pass_by(EVERY_S / 6)
    assert len(team.box.messages) == 3  # one in half an hour


async def test_two_letters_in_a_row_are_half_an_hour_apart(team: Team):
    await team.begin()
    await team.pass_by(GATHERED_S)
    await team.begin()
    await team.pass_by(EVERY_S - 1)
    assert len(team.box.messages) == 1
    await team.pass_by(1)
    assert len(team.box.messages) == 2


@pytest.mark.parametrize(
    "wants", [Preferences(), Preferences(mail=Mail(answers=True))], ids=["none", "answers"]
)
async def test_whoever_does_not_want_it_gets_none(team: Team, wants: Preferences):
    await team.prefer(team.ann, wants)
    await team.begin()
    await team.pass_by(GATHERED_S)
    assert not await team.letters()


async def test_an_answer_to_ones_own_chat_is_told_to_whoever_has_it_alone(team: Team):
    bo = await team.desk.agent("Bo", inboxes=[team.inbox], email="bo@example.com", **LONG_GONE)
    await team.prefer(bo, Preferences(mail=ALL, language="zh-CN"))
    visitor, id = await team.begin()
    await says(team.desk, bo, id, "Your kettle has left")
    await says(team.desk, visitor, id, "When does it come?")
    await team.pass_by(GATHERED_S)
    [message] = team.box.messages
    assert message["To"] == "bo@example.com"
    assert message["Subject"] == "有 1 个对话在等候回复"
    assert "When does it come?" in team.said()
    assert "Your kettle" not in team.said()


@pytest.mark.parametrize("back", [{"gone_ms": None}, {"gone_ms": NOW_MS + 119_000}], ids=str)
async def test_whoever_is_back_before_it_leaves_gets_none(team: Team, back: dict[str, Any]):
    await team.begin()
    await team.pass_by()
    await team.set_agent(team.ann, **back)
    await team.pass_by(GATHERED_S)
    assert not team.box.messages
    assert [row.state for row in await team.letters()] == ["unneeded"]


async def test_what_was_answered_before_it_leaves_is_not_told(team: Team):
    bo = await team.desk.agent("Bo", inboxes=[team.inbox])
    await team.set_agent(bo, **LONG_GONE)
    _, id = await team.begin()
    await team.pass_by()
    await says(team.desk, bo, id, "Yes?")
    await team.pass_by(GATHERED_S)
    assert not team.box.messages


async def test_while_a_colleague_takes_chats_nobody_is_told(team: Team):
    bo = await team.desk.agent("Bo", inboxes=[team.inbox])
    await team.begin()
    await team.pass_by(GATHERED_S)
    assert not team.box.messages
    await team.set_agent(bo, availability="away")
    await team.pass_by(GATHERED_S)
    assert len(team.box.messages) == 1


async def test_a_colleague_of_another_inbox_does_not_count_and_is_told_nothing(team: Team):
    other = await team.desk.inbox()
    await team.desk.agent("Bo", inboxes=[other])
    cai = await team.desk.agent("Cai", inboxes=[other], email="c@example.com", **LONG_GONE)
    await team.prefer(cai, Preferences(mail=ALL))
    await team.begin()
    await team.pass_by(GATHERED_S)
    assert [message["To"] for message in team.box.messages] == ["ann@example.com"]


async def test_a_note_is_no_news(team: Team):
    _, id = await team.begin()
    await team.pass_by(GATHERED_S)
    await notes(team.desk, team.ann, id, "secret")
    await team.pass_by(EVERY_S)
    assert len(team.box.messages) == 1
    assert "secret" not in team.said()


async def test_what_a_contact_wrote_is_inert(team: Team):
    visitor = team.desk.stranger(team.inbox)
    await starts(
        team.desk, visitor, "<script>alert(1)</script> **bold**\n[x](https://evil.example)"
    )
    await team.pass_by(GATHERED_S)
    page = team.box.messages[0].get_body(("html",))
    assert page is not None
    html = page.get_content()
    assert "<script" not in html
    assert "<strong>bold" not in html
    assert "&lt;script&gt;" in html


async def test_a_refused_letter_is_tried_again_as_all_are(team: Team):
    await team.begin()
    await team.pass_by()
    team.box.refuses = {"DATA": "451 later"}
    await team.pass_by(GATHERED_S)
    team.box.refuses = {}
    [row] = await team.letters()
    assert (row.state, row.attempts) == ("waiting", 1)
    await team.pass_by(60)
    assert len(team.box.messages) == 1
