"""One's own preferences and name, and that one's picture is to go.

Rules: only the agent themselves; what changes is told to all that they have open, and a name or a
picture to the team.
Not here: giving a picture (``avatars``), what an admin changes of others (``actions.agents``).
"""

from __future__ import annotations

from functools import partial

import msgspec

from kefu.actions.agents import rename, tell_profile
from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Name
from kefu.actions.me import with_connected
from kefu.actions.revocations import revoke
from kefu.actions.sessions import signed_in
from kefu.core.actors import Agent
from kefu.core.desk import AgentInfo
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, NameTaken, NotAllowed, NotFound
from kefu.core.permissions import Action, check
from kefu.core.signals import PreferencesChanged
from kefu.hub import agent_channel
from kefu.profile import rows
from kefu.profile.avatars import discard_key
from kefu.profile.preferences import MOST_BYTES, Preferences, PreferencesChange
from kefu.storage import agents


class GetPreferences(Form, frozen=True):
    """What the caller prefers."""


class SetPreferences(PreferencesChange, Form, frozen=True):
    """What is left out stays as it is; null resets to the default."""


class SetName(Form, frozen=True):
    """Another name for the caller."""

    name: Name


class RemoveAvatar(Form, frozen=True):
    """The caller's picture."""


async def get_preferences(call: Call, do: GetPreferences) -> Preferences:
    """How the console behaves for the caller, with all defaults."""
    me = _me(call, Action.USE_DESK)
    return await call.read(lambda conn: rows.get_preferences(conn, me.id))


async def set_preferences(call: Call, do: SetPreferences) -> Preferences:
    """Change how the console behaves for the caller."""

    def work(tx: Tx) -> Preferences:
        me = _me(tx.call, Action.KEEP_OWN)
        before = rows.get_preferences(tx.conn, me.id)
        after = do.of(before)
        if len(msgspec.json.encode(after)) > MOST_BYTES:
            raise BadInput(f"keys: over {MOST_BYTES:,} bytes together with the rest")
        if after != before:
            rows.set_preferences(tx.conn, me.id, after)
            told = PreferencesChanged(preferences=after)
            tx.after.append(partial(tx.call.ctx.hub.signal, [agent_channel(me.id)], told))
        return after

    return await commit(call, work)


async def set_name(call: Call, do: SetName) -> AgentInfo:
    """Change one's own name; what one has open comes back under it."""
    me = signed_in(call)

    def work(tx: Tx) -> AgentInfo:
        before = agents.get_agent(tx.conn, me.id)
        rename(tx, before, do.name)
        after = agents.get_agent(tx.conn, me.id)
        if after.name != before.name:
            revoke(tx, agent_channel(me.id), Ending.ACCESS_CHANGED)
            tell_profile(tx, after)
            tx.audit("agent.set_name", "agent", me.id, name=after.name)
        return with_connected(tx.call.ctx, after)

    return await commit(call, work)


async def remove_avatar(call: Call, do: RemoveAvatar) -> AgentInfo:
    """Take one's own picture away."""
    me = signed_in(call)

    def work(tx: Tx) -> AgentInfo:
        old = rows.find_picture(tx.conn, me.id)
        if old is not None:
            rows.drop_picture(tx.conn, me.id)
            discard_key(tx, old.storage_key)
            tell_profile(tx, agents.get_agent(tx.conn, me.id))
        return with_connected(tx.call.ctx, agents.get_agent(tx.conn, me.id))

    return await commit(call, work)


def _me(call: Call, action: Action) -> Agent:
    check(call.actor, action)
    if not isinstance(call.actor, Agent):
        raise NotAllowed("This is for those of the team.")
    return call.actor


COMMANDS = (
    Command("preferences.get", get_preferences, "GET", "/me/preferences", {}),
    Command(
        "preferences.update",
        set_preferences,
        "PATCH",
        "/me/preferences",
        {"theme": "dark", "send_with": "ctrl_enter"},
    ),
    Command(
        "agent.set_name",
        set_name,
        "PUT",
        "/me/name",
        {"name": "Ann Lee"},
        errors=(NameTaken, NotFound),
    ),
    Command("agent.remove_avatar", remove_avatar, "DELETE", "/me/avatar", {}, errors=(NotFound,)),
)
