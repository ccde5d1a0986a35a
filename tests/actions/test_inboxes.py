"""Inboxes: who sees and changes them, and what a page is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kefu.actions.commands import read_form
from kefu.actions.inboxes import (
    COMMANDS,
    CreateInbox,
    GetInbox,
    ListInboxes,
    SetInboxAgents,
    UpdateInbox,
    activate_inbox,
    create_inbox,
    deactivate_inbox,
    get_inbox,
    list_inboxes,
    set_agents,
    update_inbox,
)
from kefu.core.actors import Actor, Agent, AgentRole, Scope, Standing
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, Conflict, IllegalState, NotAllowed, NotFound
from kefu.core.inbox import Inbox, Settings, SettingsChange
from kefu.core.states import Status
from kefu.hub import agent_channel, visitors_channel
from kefu.storage import desk as stored
from kefu.storage import schema
from kefu.widget.config import COMMANDS as PUBLIC
from kefu.widget.config import GetPublicInbox, PublicInbox, get_public_inbox
from kefu.widget.locales import LANGUAGES, LOCALES
from kefu.widget.look import palette
from tests.actions.acts import chat
from tests.actions.desk import Desk
from tests.actions.test_contacts import trail

BY_NAME = {command.name: command for command in COMMANDS}
FULL: dict[str, Any] = {
    "locale": "zh-CN",
    "greeting": "**你好**",
    "origins": ["https://www.example.com"],
    "hours": {
        "time_zone": "Asia/Shanghai",
        "week": [*[[["09:00", "18:00"]]] * 5, [], []],
        "holidays": [{"date": "2023-11-15", "name": "放假"}],
    },
    "offline": "form",
    "prechat": {"fields": [{"name": "email", "label": "E-mail", "type": "email"}]},
    "preview": True,
    "rating": False,
    "reopen_days": 3,
    "identity_required": True,
    "offline_form": {"fields": [{"name": "order", "label": "Order"}]},
    "look": {
        "accent": "#ffd400",
        "logo": "https://www.example.com/logo.png",
        "position": "left",
        "offset_x": 0,
        "offset_y": 96,
        "launcher": False,
        "theme": "dark",
    },
    "texts": {"en": {"name": "Shop!", "greeting": "Hello", "away": "Gone"}, "zh-CN": {}},
    "invitations": [
        {"name": "prices", "text": {"en": "Questions?"}, "after_s": 5, "pages": ["/prices*"]}
    ],
    "watch_visitors": True,
    "consent": {"privacy_page": "https://www.example.com/privacy", "text": {"en": "Yes"}},
}


@pytest.fixture
async def admin(desk: Desk) -> Agent:
    return await desk.agent(role=AgentRole.ADMIN)


def as_json(value: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


async def create(desk: Desk, actor: Actor, **fields: Any) -> Inbox:
    form = read_form(BY_NAME["inbox.create"], {"name": "Shop", **fields})
    assert isinstance(form, CreateInbox)
    return await create_inbox(desk.call(actor), form)


async def change(desk: Desk, actor: Actor, id: int, **fields: Any) -> Inbox:
    form = read_form(BY_NAME["inbox.update"], {"inbox": id, **fields})
    assert isinstance(form, UpdateInbox)
    return await update_inbox(desk.call(actor), form)


async def public(desk: Desk, key: str | None) -> PublicInbox:
    do = GetPublicInbox(widget_key=key or "")
    return await get_public_inbox(desk.call(Standing.ANYONE), do)


async def test_what_an_admin_sets_is_kept(desk: Desk, admin: Agent):
    ann = await desk.agent()
    bot = await desk.agent(role=AgentRole.BOT)
    team = await desk.insert(schema.team, name="Returns")
    made = await create(desk, admin, settings=FULL, team=team, bot=bot.id, agents=[ann.id])
    assert made.settings == msgspec.convert(FULL, Settings)
    assert (made.team, made.bot, made.agents) == (team, bot.id, (ann.id, bot.id))
    assert made.widget_key is not None
    assert made.widget_key.startswith("wk_")
    assert await get_inbox(desk.call(admin), GetInbox(inbox=made.id)) == made
    changed = await change(
        desk, admin, made.id, name="Store", bot=None, settings=dict.fromkeys(FULL)
    )
    assert (changed.name, changed.bot, changed.team) == ("Store", None, team)
    assert changed.settings == Settings()
    assert changed.widget_key == made.widget_key
    assert await trail(desk) == ["inbox.create", "inbox.update"]


async def test_an_inbox_keeps_its_name_though_another_of_an_older_store_looks_the_same(
    desk: Desk, admin: Agent
):
    await desk.inbox("小エ")
    id = await desk.inbox("小工")
    assert (await change(desk, admin, id, name="小工", settings={"locale": "zh-CN"})).id == id
    assert (await change(desk, admin, id, name="小工\ufe00")).name == "小工\ufe00"
    with pytest.raises(Conflict):
        await change(desk, admin, id, name="小エ")
    with pytest.raises(Conflict):
        await create(desk, admin, name="小工")


async def test_only_an_admin_changes_inboxes_and_agents_see_their_own(desk: Desk, admin: Agent):
    made = await create(desk, admin)
    boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=[made.id])
    stranger = await desk.agent()
    reads = await desk.agent(role=AgentRole.ADMIN, scopes=frozenset({Scope.READ}))
    visitor = await desk.visitor(made.id)
    only = GetInbox(inbox=made.id)
    for actor in (boss, stranger, reads, visitor):
        with pytest.raises(NotAllowed):
            await create(desk, actor, name="Mine")
        with pytest.raises(NotAllowed):
            await change(desk, actor, made.id, name="Mine")
        with pytest.raises(NotAllowed):
            await deactivate_inbox(desk.call(actor), only)
        with pytest.raises(NotAllowed):
            await set_agents(desk.call(actor), SetInboxAgents(inbox=made.id, agents=()))
    assert (await get_inbox(desk.call(boss), only)).name == "Shop"
    assert [one.id for one in (await list_inboxes(desk.call(boss), ListInboxes())).items] == [
        made.id
    ]
    assert (await list_inboxes(desk.call(stranger), ListInboxes())).items == ()
    for id in (made.id, 999_999):
        with pytest.raises(NotFound):
            await get_inbox(desk.call(stranger), GetInbox(inbox=id))
    assert await trail(desk) == ["inbox.create"]


def look(**fields: Any) -> dict[str, Any]:
    return {"settings": {"look": fields}}


def invite(*each: dict[str, Any]) -> dict[str, Any]:
    plain = {"name": "a", "text": {"en": "Questions?"}}
    return {"settings": {"invitations": [plain | one for one in each]}}


async def test_a_fault_names_its_field(desk: Desk, admin: Agent):
    week: list[Any] = [[]] * 7
    faults: list[tuple[str, dict[str, Any]]] = [
        ("^name", {"name": ""}),
        ("name", {"name": "\u200b"}),
        (r"settings.locale", {"settings": {"locale": "fr"}}),
        (r"settings.origins", {"settings": {"origins": ["https://a.example/path"]}}),
        (r"settings.greeting", {"settings": {"greeting": "x" * 1_001}}),
        (r"settings.reopen_days", {"settings": {"reopen_days": -1}}),
        (r"settings.offline", {"settings": {"offline": "never"}}),
        (r"settings.prechat", {"settings": {"prechat": {"fields": []}}}),
        (r"settings.hours.time_zone", {"settings": {"hours": {"time_zone": "X", "week": week}}}),
        (
            r"settings.hours.week\[0\]",
            {
                "settings": {
                    "hours": {"time_zone": "UTC", "week": [[["18:00", "09:00"]], *week[1:]]}
                }
            },
        ),
        (r"settings.look.accent: must be a colour", look(accent="#12345g")),
        (r"settings.look.accent: must be a colour", look(accent="#12345\n")),
        (r"settings.look.accent", look(accent="red;}*{x:y")),
        (r"settings.look.logo", look(logo="http://www.example.com/logo.png")),
        (r"settings.look.logo", look(logo="javascript:alert(1)//")),
        (r"settings.look.logo", look(logo="https://a@evil.example/")),
        (r"settings.look.offset_x", look(offset_x=401)),
        (r"settings.look.position: must be one of left, right", look(position="top")),
        (r"settings.texts.fr: must be one of", {"settings": {"texts": {"fr": {}}}}),
        (r"settings.texts", {"settings": {"texts": {"en": {"greeting": "x" * 1_001}}}}),
        (r"settings.invitations\[1\].name", invite({}, {})),
        (r"settings.invitations\[0\].text.fr: must be", invite({"text": {"fr": "?"}})),
        (r"settings.invitations\[0\].text", invite({"text": {}})),
        (r"settings.invitations\[0\].after_s", invite({"after_s": 0})),
        (r"settings.invitations\[0\].pages\[0\]: must begin", invite({"pages": ["prices"]})),
        (
            r"settings.consent.privacy_page",
            {"settings": {"consent": {"privacy_page": "javascript:alert(1)"}}},
        ),
        (r"settings.consent.text.fr", {"settings": {"consent": {"text": {"fr": "Oui"}}}}),
        ("unknown", {"settings": {"unknown": 1}}),
        ("widget_key", {"widget_key": "wk_mine"}),
        ("team", {"team": 999_999}),
        ("bot", {"bot": admin.id}),
        ("agents", {"agents": [999_999]}),
    ]
    for where, fields in faults:
        with pytest.raises(BadInput, match=where):
            await create(desk, admin, **fields)
    await create(desk, admin)
    with pytest.raises(Conflict, match="name"):
        await create(desk, admin)
    assert await trail(desk) == ["inbox.create"]


async def test_who_is_taken_out_comes_back_without_it_and_their_chats_are_queued(
    desk: Desk, admin: Agent
):
    made = await create(desk, admin)
    ann, bob = await desk.agent(inboxes=[made.id]), await desk.agent()
    _, id = await chat(desk, made.id)
    await desk.ctx.database.write(
        lambda conn: conn.execute(
            schema.conversation.update().values(status="open", assignee_id=ann.id)
        )
    )
    hers, his = desk.recorder(agent_channel(ann.id)), desk.recorder(agent_channel(bob.id))
    do = SetInboxAgents(inbox=made.id, agents=(bob.id,))
    assert (await set_agents(desk.call(admin), do)).agents == (bob.id,)
    await desk.settled()
    assert hers.reasons == his.reasons == [Ending.ACCESS_CHANGED]
    now = await desk.ctx.database.read(lambda conn: stored.get_conversation(conn, id))
    assert now.assignee is None or now.assignee.id == bob.id
    assert now.status in (Status.QUEUED, Status.OPEN)
    await set_agents(desk.call(admin), do)
    assert his.reasons == [Ending.ACCESS_CHANGED]  # nothing was changed
    assert await trail(desk) == ["inbox.create", "inbox.set_agents"]


async def test_an_inbox_that_is_not_active_is_gone_for_pages(desk: Desk, admin: Agent):
    made = await create(desk, admin)
    own = desk.recorder(visitors_channel(made.id))
    only = GetInbox(inbox=made.id)
    assert not (await deactivate_inbox(desk.call(admin), only)).active
    assert own.reasons == [Ending.ACCESS_CHANGED]
    for key in (made.widget_key, "wk_missing", "' OR 1=1 --"):
        with pytest.raises(NotFound):
            await public(desk, key)
    assert (await activate_inbox(desk.call(admin), only)).active
    assert (await public(desk, made.widget_key)).name == "Shop"
    assert await trail(desk) == ["inbox.create", "inbox.deactivate", "inbox.activate"]


async def test_the_inbox_of_the_rooms_protocol_stays(desk: Desk, admin: Agent):
    (classic,) = (await list_inboxes(desk.call(admin), ListInboxes())).items
    assert classic.kind == "classic"
    with pytest.raises(IllegalState):
        await deactivate_inbox(desk.call(admin), GetInbox(inbox=classic.id))


async def test_a_page_is_told_what_it_needs_and_nothing_else(desk: Desk, admin: Agent):
    made = await create(desk, admin, settings=FULL)
    desk.clock.now_ms = 1_700_000_000_000  # 06:13 in Shanghai, on the holiday
    shown = await public(desk, made.widget_key)
    look = {name: one for name, one in FULL["look"].items() if name not in ("accent", "launcher")}
    assert as_json(shown) == {
        "name": "Shop",
        "dir": "ltr",
        "locales": list(LOCALES),
        "words": as_json(LANGUAGES["zh-CN"].loader),
        "look": look | {"colors": as_json(palette("#ffd400"))},
        "time_zone": "Asia/Shanghai",
        "consent": {"privacy_page": "https://www.example.com/privacy"},
        "watch_visitors": True,
        "locale": "zh-CN",
        "greeting": "**你好**",
        "open": False,
        "opens_at": "2023-11-16T01:00:00Z",
        "hours": [  # from two days ago on; the 15th is the holiday
            {"opens_at": f"2023-11-{day}T01:00:00Z", "closes_at": f"2023-11-{day}T10:00:00Z"}
            for day in (13, 14, 16, 17, 20, 21, 22, 23)
        ],
        "holiday": "放假",
        "offline": "form",
        "prechat": FULL["offline_form"] | {"type": "form"},
        "preview": True,
        "identity_required": True,
    }
    desk.clock.advance(86_400 + 3 * 3_600)
    shown = await public(desk, made.widget_key)
    assert shown.open
    assert shown.opens_at is None
    assert shown.closes_at is not None
    assert shown.closes_at.isoformat() == "2023-11-16T10:00:00+00:00"


async def test_no_hours_are_always_open(desk: Desk, admin: Agent):
    made = await create(desk, admin)
    shown = await public(desk, made.widget_key)
    assert (shown.open, shown.opens_at, shown.closes_at) == (True, None, None)


async def test_visitors_come_back_with_a_proof_once_one_is_required(desk: Desk, admin: Agent):
    made = await create(desk, admin)
    own = desk.recorder(visitors_channel(made.id))
    await change(desk, admin, made.id, settings={"greeting": "Hi"})
    assert own.reasons == []
    await change(desk, admin, made.id, settings={"identity_required": True})
    assert own.reasons == [Ending.ACCESS_CHANGED]


def test_examples_are_of_the_forms():
    for command in (*COMMANDS, *PUBLIC):
        assert read_form(command, command.example)


async def test_a_setting_changes_alone_and_null_resets_it(desk: Desk, admin: Agent):
    made = await create(desk, admin, settings=FULL)
    changed = await change(desk, admin, made.id, settings={"greeting": "Hi", "origins": None})
    expected = msgspec.structs.replace(made.settings, greeting="Hi", origins=())
    assert changed.settings == expected
    assert (await change(desk, admin, made.id, settings={})).settings == expected
    again = await change(desk, admin, made.id, settings={"hours": None, "rating": None})
    assert (again.settings.hours, again.settings.rating) == (None, True)
    assert again.settings.prechat == made.settings.prechat


def test_every_setting_can_be_changed():
    assert SettingsChange.__struct_fields__ == Settings.__struct_fields__
