"""One's own preferences, name and picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from kefu.actions.agents import GetAgent, get_agent
from kefu.actions.context import Files
from kefu.actions.files import sweep_files
from kefu.core.actors import Agent, AgentRole, Scope
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, NameTaken, NotAllowed, NotFound
from kefu.core.signals import PreferencesChanged, ProfileChanged
from kefu.files.intake import Intake
from kefu.files.local import LocalFiles
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.profile.avatars import read_avatar, set_avatar
from kefu.profile.commands import (
    GetPreferences,
    RemoveAvatar,
    SetName,
    SetPreferences,
    get_preferences,
    remove_avatar,
    set_name,
    set_preferences,
)
from kefu.profile.preferences import DEFAULTS, ActKeys, Preferences, QuietHours, Sounds
from kefu.storage import schema
from tests.actions.acts import chat
from tests.actions.desk import Desk
from tests.files.pictures import png, two_halves

NIGHT = QuietHours(begin="22:00", end="07:00", time_zone="Europe/Berlin", days=(1, 7))


async def prefers(desk: Desk, agent: Agent) -> Preferences:
    return await get_preferences(desk.call(agent), GetPreferences())


async def content(data: bytes) -> AsyncIterator[bytes]:
    yield data


@pytest.fixture
def files(desk: Desk, tmp_path: Path) -> LocalFiles:
    """Where the desk keeps files."""
    store = LocalFiles(tmp_path / "files")
    intake = Intake(store, store.scratch, most_bytes=1_000_000, most_pixels=1_000_000)
    desk.ctx = replace(desk.ctx, files=Files(store, intake, b"s" * 32))
    return store


async def test_what_is_named_changes_and_the_rest_stays(desk: Desk):
    ann, bob = await desk.agent(), await desk.agent()
    assert await prefers(desk, ann) == DEFAULTS
    heard = desk.recorder(agent_channel(ann.id))
    loud = Sounds(volume=100)
    for change in (
        {"theme": "dark", "sounds": loud},
        {"quiet_hours": NIGHT},
        {"theme": None},
        {"theme": "system"},
    ):
        await set_preferences(desk.call(ann), SetPreferences(**change))
    kept = Preferences(sounds=loud, quiet_hours=NIGHT)
    assert await prefers(desk, ann) == kept
    assert await prefers(desk, bob) == DEFAULTS
    told = [one for one in heard.signals if isinstance(one, PreferencesChanged)]
    assert [one.preferences.theme for one in told] == ["dark", "dark", "system"]
    assert told[-1].preferences == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"theme": "pink"},
        {"sounds": {"volume": 101}},
        {"sounds": {"loud": True}},
        {"keys": {"resolve": {"outside": "Ctrl+KeyE"}}},
        {"keys": {"resolve": {"outside": "Shift+Mod+KeyE"}}},
        {"keys": {"resolve": {"inside": "KeyE"}}},
        {"keys": {"Resolve!": {"outside": "KeyE"}}},
        {"keys": {f"act-{n}": {"outside": "KeyE"} for n in range(101)}},
        {"quiet_hours": {"begin": "24:00", "end": "07:00", "time_zone": "UTC", "days": []}},
    ],
    ids=str,
)
def test_what_is_no_preference_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, SetPreferences)


async def test_an_act_has_other_keys_or_none(desk: Desk):
    ann = await desk.agent()
    keys = {
        "resolve": ActKeys(outside="KeyQ", anywhere="Mod+Shift+KeyQ"),
        "send-resolve": ActKeys(anywhere=""),
        "keys": ActKeys(outside="?"),
    }
    await set_preferences(desk.call(ann), SetPreferences(keys=keys, keys_on=False))
    assert await prefers(desk, ann) == Preferences(keys=keys, keys_on=False)


async def test_a_time_zone_that_is_none_is_refused(desk: Desk):
    ann = await desk.agent()
    there = msgspec.structs.replace(NIGHT, time_zone="Europe/Nowhere")
    with pytest.raises(BadInput, match="time_zone"):
        await set_preferences(desk.call(ann), SetPreferences(quiet_hours=there))


async def test_a_key_of_another_version_is_passed_over(desk: Desk):
    ann = await desk.agent()
    await desk.insert(schema.preferences, agent_id=ann.id, json='{"theme":"dark","old":1}')
    assert await prefers(desk, ann) == Preferences(theme="dark")


async def test_a_name_of_ones_own_is_told_and_may_not_be_anothers(desk: Desk):
    ann, _ = await desk.agent("Ann"), await desk.agent("Bob")
    team, own = desk.recorder(TEAM_CHANNEL), desk.recorder(agent_channel(ann.id))
    with pytest.raises(NameTaken):
        await set_name(desk.call(ann), SetName(name="bob"))
    assert (await set_name(desk.call(ann), SetName(name="Anna"))).name == "Anna"
    await set_name(desk.call(ann), SetName(name="Anna"))
    assert team.signals == [ProfileChanged(agent=ann.id, name="Anna")]
    assert own.reasons == [Ending.ACCESS_CHANGED]
    writer = await desk.agent(scopes=frozenset({Scope.WRITE}))
    li, _ = await chat(desk, await desk.inbox())
    bot = await desk.agent(role=AgentRole.BOT)
    for who in (writer, li, bot):
        with pytest.raises(NotAllowed):
            await set_name(desk.call(who), SetName(name="Zoe"))


async def test_a_picture_is_made_small_and_replaced(desk: Desk, files: LocalFiles):
    ann = await desk.agent()
    team = desk.recorder(TEAM_CHANNEL)
    first = (await set_avatar(desk.call(ann), content(png(picture=two_halves(400, 300))))).avatar
    assert first is not None
    shown = await read_avatar(desk.ctx, first)
    assert shown[8:12] == b"WEBP"
    second = (await set_avatar(desk.call(ann), content(png(picture=two_halves(30, 30))))).avatar
    assert second not in (None, first)
    await desk.settled()
    with pytest.raises(NotFound):
        await read_avatar(desk.ctx, first)
    assert (await get_agent(desk.call(ann), GetAgent(agent=ann.id))).avatar == second
    with pytest.raises(BadInput):
        await set_avatar(desk.call(ann), content(b"<svg/>"))
    assert (await remove_avatar(desk.call(ann), RemoveAvatar())).avatar is None
    await remove_avatar(desk.call(ann), RemoveAvatar())
    await desk.settled()
    assert [one.avatar for one in team.signals] == [first, second, None]
    kept = [key async for keys in files.list_keys(2**53) for key in keys]
    assert kept == []


async def test_a_picture_is_no_orphan(desk: Desk, files: LocalFiles):
    ann = await desk.agent()
    path = (await set_avatar(desk.call(ann), content(png(picture=two_halves(30, 30))))).avatar
    desk.clock.now_ms = 2**45
    await sweep_files(desk.ctx)
    assert path is not None
    assert await read_avatar(desk.ctx, path)
