"""Tags: listed, made, coloured, renamed everywhere, made one with another, deleted.

Rules: whoever tags makes a tag that is new; who changes one for all is a supervisor. A change of
a name goes through all conversations and contacts in short transactions, each of which holds by
itself; what is worked on has an entry that says so. The tag follows once nothing has the old
name, so what was broken off is done again by asking again.
Not here: the tags of one conversation (``actions.status``) or contact (``actions.contacts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Connection, Table

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id, Page
from kefu.core.attributes import clean_tag
from kefu.core.desk import Activity, Details, Value
from kefu.core.errors import Conflict, IllegalState, NotFound
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.core.signals import TagChanged
from kefu.hub import TEAM_CHANNEL
from kefu.storage.moving import Step, take_steps
from kefu.storage.schema import contact, conversation
from kefu.tags import rows
from kefu.tags.rows import Kept, Tagged

AT_ONCE = 200  # conversations or contacts in one transaction

Color = Literal["gray", "red", "orange", "amber", "green", "teal", "blue", "purple", "pink"]
TagName = Annotated[str, Meta(min_length=1, max_length=200)]


class Tag(Value, frozen=True):
    """A tag. ``conversations``: that have it, are not resolved, and whoever asks may see."""

    id: int
    name: str
    color: str | None = None
    conversations: int = 0


class ListTags(Form, frozen=True):
    """All tags."""


class CreateTag(Form, frozen=True):
    """A new tag."""

    name: TagName
    color: Color | None = None


class UpdateTag(Form, frozen=True):
    """What is left out stays as it is; null takes the colour away."""

    tag: Id
    name: TagName | UnsetType = UNSET
    color: Color | UnsetType | None = UNSET
    merge: Annotated[bool, Meta(description="With the tag that has this name, if one has.")] = False


class DeleteTag(Form, frozen=True):
    """One tag."""

    tag: Id


async def list_tags(call: Call, do: ListTags) -> Page[Tag]:
    """All tags by name, with how many conversations that are not resolved have each."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor)

    def read(conn: Connection) -> Page[Tag]:
        counts = rows.count_live(conn, seen)
        found = [_tag(one, counts.get(one.name, 0)) for one in rows.list_tags(conn)]
        return Page(items=tuple(found))

    return await call.read(read)


async def create_tag(call: Call, do: CreateTag) -> Tag:
    """Make a tag."""
    check(call.actor, Action.TAG)
    name = clean_tag(do.name)

    def work(tx: Tx) -> Tag:
        made = rows.add_missing(tx.conn, [name])
        if not made:
            raise Conflict("name: there is this tag already")
        rows.set_tag(tx.conn, made[0].id, color=do.color)
        return _told(tx, made[0].id)

    return await commit(call, work)


async def update_tag(call: Call, do: UpdateTag) -> Tag:
    """Colour a tag, rename it everywhere, or make it one with another; tells which stays."""
    check(call.actor, Action.EDIT_TAGS)
    name = clean_tag(do.name) if isinstance(do.name, str) else None
    before = await call.read(lambda conn: _renamable(conn, do, name)[0])
    if name not in (None, before.name):
        await _replace(call, before.name, name)

    def work(tx: Tx) -> Tag:
        known, other = _renamable(tx.conn, do, name)
        stays = other or known
        if name not in (None, known.name):
            _replace_live(tx, known.name, name)
            if other:
                rows.drop_tag(tx.conn, known.id)
                _tell(tx, TagChanged(tag=known.id, name=other.name, was=known.name, gone=True))
            else:
                rows.set_tag(tx.conn, known.id, name=name)
        if do.color is not UNSET:
            rows.set_tag(tx.conn, stays.id, color=do.color)
        tx.audit("tag.update", "tag", known.id, name=name, was=known.name)
        return _told(tx, stays.id, was=None if other else known.name)

    return await commit(call, work)


async def delete_tag(call: Call, do: DeleteTag) -> Done:
    """Delete a tag: no conversation or contact has it any more."""
    check(call.actor, Action.EDIT_TAGS)
    before = await call.read(lambda conn: rows.get_tag(conn, do.tag))
    await _replace(call, before.name, None)

    def work(tx: Tx) -> Done:
        known = rows.get_tag(tx.conn, do.tag)
        _replace_live(tx, known.name, None)
        rows.drop_tag(tx.conn, known.id)
        tx.audit("tag.delete", "tag", known.id, name=known.name)
        _tell(tx, TagChanged(tag=known.id, name=known.name, gone=True))
        return Done()

    return await commit(call, work)


def make_tags(tx: Tx, names: Iterable[str]) -> None:
    """These tags are there from now on. Raises IllegalState: too many."""
    for made in rows.add_missing(tx.conn, [*names]):
        _tell(tx, TagChanged(tag=made.id, name=made.name))


def _renamable(conn: Connection, do: UpdateTag, name: str | None) -> tuple[Kept, Kept | None]:
    """The tag, and the other one that it becomes one with. Raises NotFound, Conflict."""
    known = rows.get_tag(conn, do.tag)
    other = rows.find_tag(conn, name) if name not in (None, known.name) else None
    if other and not do.merge:
        raise Conflict("name: another tag has it; with `merge` they become one")
    return known, other


async def _replace(call: Call, old: str, new: str | None) -> None:
    """Replace a tag everywhere, bit by bit."""
    bits = replace(call, repeat=None)  # the command's last transaction keeps its answer
    for table in (conversation, contact):
        after_id: int | None = 0
        while after_id is not None:
            do = partial(_replace_some, table=table, old=old, new=new, after_id=after_id)
            after_id = await commit(bits, do)


def _replace_some(tx: Tx, *, table: Table, old: str, new: str | None, after_id: int) -> int | None:
    """Replace a tag in the next few; where to go on, None: that was all."""
    found = rows.tagged_after(tx.conn, table, old, after_id=after_id, limit=AT_ONCE)
    _change(tx, table, [one._replace(tags=_with(one.tags, old, new)) for one in found])
    return found[-1].id if found else None


def _replace_live(tx: Tx, old: str, new: str | None) -> None:
    """Replace a tag that was set meanwhile."""
    found = rows.tagged_after(tx.conn, conversation, old, after_id=0, limit=AT_ONCE, live=True)
    _change(tx, conversation, [one._replace(tags=_with(one.tags, old, new)) for one in found])


def _change(tx: Tx, table: Table, changed: Sequence[Tagged]) -> None:
    rows.set_tags(tx.conn, table, changed)
    steps = [
        Step(
            one.id,
            Activity(what="tagged", values=Details(tags=tuple(one.tags))),
            {},
            by=tx.call.member,
        )
        for one in changed
        if one.live
    ]
    if steps:
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)


def _with(tags: Sequence[str], old: str, new: str | None) -> list[str]:
    put = [new if one == old else one for one in tags]
    return list(dict.fromkeys(one for one in put if one is not None))


def _tag(kept: Kept, conversations: int = 0) -> Tag:
    return Tag(id=kept.id, name=kept.name, color=kept.color, conversations=conversations)


def _told(tx: Tx, tag_id: int, was: str | None = None) -> Tag:
    """The tag as it is now, which the team is told."""
    kept = rows.get_tag(tx.conn, tag_id)
    was = None if was == kept.name else was
    _tell(tx, TagChanged(tag=kept.id, name=kept.name, color=kept.color, was=was))
    counts = rows.count_live(tx.conn, seen_inboxes(tx.call.actor))
    return _tag(kept, counts.get(kept.name, 0))


def _tell(tx: Tx, signal: TagChanged) -> None:
    tx.after.append(partial(tx.call.ctx.hub.signal, [TEAM_CHANNEL], signal))


_ONE = "/tags/{tag}"
COMMANDS = (
    Command("tag.list", list_tags, "GET", "/tags", {}),
    Command(
        "tag.create",
        create_tag,
        "POST",
        "/tags",
        {"name": "invoice", "color": "amber"},
        errors=(Conflict, IllegalState),
        status=201,
    ),
    Command(
        "tag.update",
        update_tag,
        "PATCH",
        _ONE,
        {"tag": 1, "name": "very important", "color": "purple"},
        errors=(NotFound, Conflict),
    ),
    Command("tag.delete", delete_tag, "DELETE", _ONE, {"tag": 1}, errors=(NotFound,)),
)
