"""What a page is told of its inbox: in its language, and whether anybody is there."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kefu.core.actors import Agent, AgentRole, Standing
from kefu.core.errors import BadInput
from kefu.core.permissions import Policy
from kefu.hub import agent_channel
from kefu.widget.config import GetPublicInbox, PublicInbox, get_public_inbox
from kefu.widget.look import palette
from kefu.widget.replies import DAYS, FRESH_S
from tests.actions.acts import chat, notes, says
from tests.actions.desk import Desk

WORDS = {"en": {"greeting": "Hello", "away": "Gone"}, "zh-CN": {"name": "商店", "greeting": "你好"}}
INVITATION = {"name": "prices", "text": {"zh-CN": "想了解价格吗？"}, "after_s": 5, "pages": ["/p*"]}


async def told(desk: Desk, asked: str | None = None, **settings: Any) -> PublicInbox:
    await desk.inbox("Shop", widget_key="wk_a", settings=settings)
    return await again(desk, asked)


async def again(desk: Desk, locale: str | None = None, color: str | None = None) -> PublicInbox:
    do = GetPublicInbox(widget_key="wk_a", locale=locale, color=color)
    return await get_public_inbox(desk.call(Standing.ANYONE), do)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("zh-TW", ("zh-CN", "商店", "你好", "")),
        ("en-GB", ("en", "Shop", "Hello", "Gone")),
        ("fr", ("en", "Shop", "Hello", "Gone")),
        (None, ("en", "Shop", "Hello", "Gone")),
    ],
)
async def test_the_inboxs_words_are_in_the_language_that_is_asked_for(desk: Desk, asked, said):
    shown = await told(desk, asked, texts=WORDS, greeting="Hi")
    assert (shown.locale, shown.name, shown.greeting, shown.away) == said


async def test_what_is_not_said_in_a_language_is_as_without(desk: Desk):
    shown = await told(desk, "en", texts={"zh-CN": {"greeting": "你好"}}, greeting="Hi")
    assert (shown.locale, shown.greeting) == ("en", "Hi")


async def test_a_language_that_is_gone_since_it_was_set_still_counts_for_whoever_reads_it(
    desk: Desk,
):
    shown = await told(desk, "tlh", locale="tlh", texts={"tlh": {"greeting": "nuqneH"}})
    assert (shown.locale, shown.greeting) == ("en", "nuqneH")


async def test_the_loaders_words_come_in_the_language_that_is_answered(desk: Desk):
    assert (await told(desk, "zh-TW")).words.open == "打开聊天"
    assert (await again(desk, "en")).words.open == "Open chat"


async def test_a_page_may_ask_for_a_colour_of_its_own_which_is_made_safe_as_the_inboxs_is(
    desk: Desk,
):
    shown = await told(desk, look={"accent": "#2f6b5b"})
    assert shown.look.colors == palette("#2f6b5b")
    assert (await again(desk, color="#ffd400")).look.colors == palette("#ffd400")


@pytest.mark.parametrize("color", ["", "red", "#fff", "#2f6b5b;", "#2f6b5g"])
async def test_what_is_no_colour_is_refused(desk: Desk, color: str):
    await told(desk)
    with pytest.raises(BadInput, match="color"):
        await again(desk, color=color)


async def test_an_invitation_is_told_to_those_who_read_its_language(desk: Desk):
    shown = await told(desk, "zh-CN", invitations=[INVITATION], consent={"text": {"en": "Yes"}})
    (one,) = shown.invitations
    assert (one.name, one.text, one.after_s, one.pages) == (
        "prices", "想了解价格吗？", 5, ("/p*",)
    )  # fmt: skip
    assert shown.consent is not None
    assert shown.consent.text == ""
    other = await again(desk, "en")
    assert other.invitations == ()
    assert other.consent is not None
    assert other.consent.text == "Yes"


async def test_somebody_is_there_who_takes_conversations_of_this_inbox(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a")
    other = await desk.inbox("Other")
    for role, where, availability in (
        (AgentRole.AGENT, other, "online"),
        (AgentRole.AGENT, shop, "away"),
        (AgentRole.BOT, shop, "online"),
    ):
        one = await desk.agent(role=role, inboxes=[where], availability=availability)
        desk.recorder(agent_channel(one.id))
    ann = await desk.agent(inboxes=[shop], availability="online")
    assert not (await again(desk)).staffed
    desk.recorder(agent_channel(ann.id))
    assert (await again(desk)).staffed


async def test_a_few_of_those_who_are_there_are_told_by_id_and_name_and_nothing_more(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a")
    names = ["Ann", "Ben", "Cai", "Dan"]
    ids = {}
    for name in ("Away", *names):
        availability = "away" if name == "Away" else "online"
        about: dict[str, Any] = {"email": f"{name}@example.com", "availability": availability}
        one = await desk.agent(name, inboxes=[shop], **about)
        desk.recorder(agent_channel(one.id))
        ids[name] = one.id
    told = msgspec.json.encode(await again(desk))
    assert msgspec.json.decode(told)["people"] == [
        {"id": ids[name], "name": name} for name in names[:3]
    ]
    assert b"@" not in told


async def test_an_inbox_that_shows_nobody_still_says_that_somebody_is_there(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a", settings={"show_people": False})
    ann = await desk.agent(inboxes=[shop], availability="online")
    desk.recorder(agent_channel(ann.id))
    told = await again(desk)
    assert (told.staffed, told.people) == (True, ())


async def test_opening_times_are_told_as_instants_and_have_a_bound(desk: Desk):
    spans = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(10)]
    shown = await told(desk, hours={"time_zone": "Asia/Shanghai", "week": [spans] * 7})
    assert len(shown.hours) == 11 * 10
    first = shown.hours[0]
    midnight = datetime(2023, 11, 12, 16, tzinfo=UTC)
    assert (first.opens_at, first.closes_at) == (midnight, midnight + timedelta(minutes=30))
    assert shown.closes_at in {one.closes_at for one in shown.hours}


async def test_an_inbox_that_is_always_open_has_no_opening_times(desk: Desk):
    assert (await told(desk)).hours == ()


@pytest.mark.parametrize("mail", [True, False])
async def test_whether_letters_are_sent_is_told(mail: bool, desk: Desk):
    desk.ctx = dataclasses.replace(desk.ctx, policy=Policy(mail=mail))
    assert (await told(desk)).mail is mail


async def answered(desk: Desk, inbox: int, who: Agent, wait_s: int) -> None:
    _, id = await chat(desk, inbox)
    await notes(desk, who, id)
    desk.clock.advance(wait_s)
    await says(desk, who, id)
    await says(desk, who, id)


async def test_a_first_answers_usual_time_is_told_once_enough_were_measured(desk: Desk):
    shop, other = await desk.inbox("Shop", widget_key="wk_a"), await desk.inbox("Other")
    ann = await desk.agent(inboxes=[shop, other])
    for number in range(9):
        await answered(desk, shop, ann, 100 + number)
        await answered(desk, other, ann, 1)
    assert (await again(desk)).reply_s is None
    await answered(desk, shop, ann, 500)
    desk.clock.advance(FRESH_S)
    assert (await again(desk)).reply_s == 104
    for _ in range(11):
        await chat(desk, shop)
    desk.clock.advance(1_000)
    assert (await again(desk)).reply_s == 1_000  # they all wait still
    desk.clock.advance(DAYS * 86_400)
    assert (await again(desk)).reply_s is None


async def test_how_long_answers_take_is_looked_up_once_a_minute_at_most(desk: Desk):
    shop = await desk.inbox("Shop", widget_key="wk_a")
    ann = await desk.agent(inboxes=[shop])
    await again(desk)
    for _ in range(10):
        await answered(desk, shop, ann, 1)
    assert (await again(desk)).reply_s is None
    desk.clock.advance(FRESH_S)
    assert (await again(desk)).reply_s == 1


async def test_what_a_bot_says_at_once_is_no_persons_answer(desk: Desk):
    bot = await desk.agent(role=AgentRole.BOT)
    shop = await desk.inbox("Shop", widget_key="wk_a", bot_id=bot.id)
    for _ in range(10):
        _, id = await chat(desk, shop)
        await says(desk, replace(bot, inboxes=frozenset({shop})), id)
    assert (await again(desk)).reply_s is None
