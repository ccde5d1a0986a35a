"""Saved views: one's own, and those that the team shares.

Rules: everybody at the desk makes their own and shares them; a shared one is changed by who made
it, or a supervisor. What a view shows is what its reader may see: it is a filter, no right.
Not here: the lists themselves (``actions.conversations``).
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.conversations import filter_of, scope_of
from kefu.actions.forms import Done, Form, Id, Page
from kefu.core.actors import Agent
from kefu.core.desk import Value
from kefu.core.display import clean_display_name
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound
from kefu.core.lists import ConversationFilter, Sort, View
from kefu.core.permissions import Action, check
from kefu.core.signals import ViewChanged
from kefu.hub import TEAM_CHANNEL, agent_channel
from kefu.storage import listing
from kefu.views import rows

NAME_CHARS = 60
MOST_OWN = 20
MOST_SHARED = 30
MOST_COUNTED = 1_000

ViewName = Annotated[str, Meta(min_length=1, max_length=10 * NAME_CHARS)]
Shared = Annotated[bool, Meta(description="The team sees it.")]


class ListViews(Form, frozen=True):
    """The caller's own views, and the shared ones."""


class CountViews(Form, frozen=True):
    """How much each of the caller's views shows."""


class CreateView(Form, frozen=True):
    """A list of conversations under a name."""

    name: ViewName
    filter: ConversationFilter
    sort: Sort = Sort.NEWEST
    shared: Shared = False


class UpdateView(Form, frozen=True):
    """What is left out stays as it is."""

    view: Id
    name: ViewName | UnsetType = UNSET
    filter: ConversationFilter | UnsetType = UNSET
    sort: Sort | UnsetType = UNSET
    shared: Shared | UnsetType = UNSET


class DeleteView(Form, frozen=True):
    """One view."""

    view: Id


class ViewCount(Value, frozen=True, omit_defaults=False):
    """How many conversations a view shows that are not resolved; 1,000 are 1,000 or more."""

    view: int
    count: int


async def list_views(call: Call, do: ListViews) -> Page[View]:
    """The caller's own views and those that are shared, by name."""
    me = _me(call, Action.USE_DESK)
    return Page(items=tuple(await call.read(lambda conn: rows.list_views(conn, me.id))))


async def count_views(call: Call, do: CountViews) -> Page[ViewCount]:
    """How many conversations that are not resolved each of the caller's views shows."""
    me = _me(call, Action.USE_DESK)
    scope = scope_of(me)

    def read(conn: Connection) -> Page[ViewCount]:
        def count(view: View) -> ViewCount:
            wanted = filter_of(me, view.filter)
            number = listing.count_some(conn, scope, wanted, most=MOST_COUNTED)
            return ViewCount(view=view.id, count=number)

        return Page(items=tuple(map(count, rows.list_views(conn, me.id))))

    return await call.read(read)


async def create_view(call: Call, do: CreateView) -> View:
    """Keep a list of conversations under a name, for oneself or for the team."""

    def work(tx: Tx) -> View:
        me = _me(tx.call, Action.KEEP_OWN)
        _check_filter(me, do.filter)
        _check_room(tx, me, shared=do.shared)
        values = {"filter": do.filter, "sort": do.sort, "shared": do.shared}
        id = rows.add_view(tx.conn, me.id, tx.now_ms, name=_name(do.name), **values)
        made = rows.get_view(tx.conn, id, me.id)
        _tell(tx, made)
        return made

    return await commit(call, work)


async def update_view(call: Call, do: UpdateView) -> View:
    """Change a view, share it, or share it no more."""

    def work(tx: Tx) -> View:
        before = _changeable(tx, do.view)
        values: dict[str, Any] = {
            name: getattr(do, name)
            for name in ("filter", "sort", "shared")
            if getattr(do, name) is not UNSET
        }
        if isinstance(do.name, str):
            values["name"] = _name(do.name)
        if isinstance(do.filter, ConversationFilter):
            _check_filter(_me(tx.call, Action.KEEP_OWN), do.filter)
        if values.get("shared", before.shared) != before.shared:
            me = _me(tx.call, Action.KEEP_OWN)
            if before.owner != me.id:
                raise IllegalState("Whoever made it shares it; a supervisor may delete it.")
            _check_room(tx, me, shared=not before.shared)
        rows.set_view(tx.conn, before.id, **values)
        after = rows.get_view(tx.conn, before.id, before.owner)
        if before.shared and not after.shared:
            _tell_gone(tx, before)
        if after != before:
            _tell(tx, after)
        return after

    return await commit(call, work)


async def delete_view(call: Call, do: DeleteView) -> Done:
    """Delete a view."""

    def work(tx: Tx) -> Done:
        known = _changeable(tx, do.view)
        rows.drop_view(tx.conn, known.id)
        _tell_gone(tx, known)
        return Done()

    return await commit(call, work)


def _me(call: Call, action: Action) -> Agent:
    check(call.actor, action)
    if not isinstance(call.actor, Agent):
        raise NotAllowed("This is for those of the team.")
    return call.actor


def _changeable(tx: Tx, view_id: int) -> View:
    me = _me(tx.call, Action.KEEP_OWN)
    found = rows.get_view(tx.conn, view_id, me.id)
    if found.owner != me.id:
        check(me, Action.SUPERVISE)
    return found


def _check_filter(me: Agent, wanted: ConversationFilter) -> None:
    """Raise BadInput: nobody could count by it, and then by none of their views."""
    filter_of(me, wanted)


def _check_room(tx: Tx, me: Agent, *, shared: bool) -> None:
    if shared and rows.count_views(tx.conn) >= MOST_SHARED:
        raise IllegalState(f"The team shares {MOST_SHARED} views already.")
    if not shared and rows.count_views(tx.conn, owner=me.id) >= MOST_OWN:
        raise IllegalState(f"You have {MOST_OWN} views already.")


def _name(raw: str) -> str:
    name = clean_display_name(raw, NAME_CHARS)
    if not name:
        raise BadInput("name: nothing of it can be seen")
    return name


def _tell(tx: Tx, view: View) -> None:
    _signal(tx, view, ViewChanged(view=view.id, saved=view))


def _tell_gone(tx: Tx, view: View) -> None:
    _signal(tx, view, ViewChanged(view=view.id))


def _signal(tx: Tx, view: View, signal: ViewChanged) -> None:
    """Tell whoever sees the view."""
    channel = TEAM_CHANNEL if view.shared else agent_channel(view.owner)
    tx.after.append(partial(tx.call.ctx.hub.signal, [channel], signal))


_ONE = "/views/{view}"
_VIEW = {"name": "VIPs who wait", "filter": {"tag": "vip", "waiting": True}, "sort": "waiting"}
COMMANDS = (
    Command("view.list", list_views, "GET", "/views", {}),
    Command("view.counts", count_views, "GET", "/view-counts", {}),
    Command(
        "view.create",
        create_view,
        "POST",
        "/views",
        _VIEW | {"shared": True},
        errors=(IllegalState,),
        status=201,
    ),
    Command(
        "view.update",
        update_view,
        "PATCH",
        _ONE,
        {"view": 1, "sort": "priority"},
        errors=(NotFound, IllegalState),
    ),
    Command("view.delete", delete_view, "DELETE", _ONE, {"view": 1}, errors=(NotFound,)),
)
