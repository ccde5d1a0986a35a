"""Canned responses: texts with variables that agents put into what they write.

Rules: whoever works in an inbox sees and changes those for it and those for all. What is rendered
is a draft: it is sent as what the agent typed.
Not here: variables (``core.canned``).
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit, place_for
from kefu.actions.forms import Done, Form, Id, Limit, Page
from kefu.core.actors import Agent
from kefu.core.canned import (
    SHORTCUT_CHARS,
    VARIABLES,
    Facts,
    check_canned,
    clean_shortcut,
    render_canned,
)
from kefu.core.content import TEXT_CHARS
from kefu.core.desk import CannedResponse, Value
from kefu.core.display import is_taken
from kefu.core.errors import BadInput, Conflict, NotFound
from kefu.core.permissions import Action, Place, check, seen_inboxes
from kefu.storage import canned, inboxes, profiles

Shortcut = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4 * SHORTCUT_CHARS,
        description="What an agent types after a slash: letters, digits, lines or hyphens.",
    ),
]
Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TEXT_CHARS,
        description=f"Markdown, with {{{{variables}}}}: {', '.join(VARIABLES)}.",
    ),
]


class ListCanned(Form, frozen=True):
    """Those for one inbox, or for all that the caller sees; by the shortcut's beginning."""

    inbox: Id | None = None
    prefix: Annotated[str, Meta(max_length=4 * SHORTCUT_CHARS)] = ""
    cursor: Annotated[str, Meta(max_length=4 * SHORTCUT_CHARS)] = ""
    limit: Limit = 100


class CreateCanned(Form, frozen=True):
    """A new canned response. ``inbox``: where it is for; left out, it is for all."""

    shortcut: Shortcut
    text: Text
    inbox: Id | None = None


class UpdateCanned(Form, frozen=True):
    """What is left out stays as it is."""

    canned: Id
    shortcut: Shortcut | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    inbox: Id | UnsetType | None = UNSET


class DeleteCanned(Form, frozen=True):
    """One canned response."""

    canned: Id


class RenderCanned(Form, frozen=True):
    """A canned response, for a conversation."""

    canned: Id
    conversation: Id


class Rendered(Value, frozen=True):
    """A draft."""

    text: str


async def list_canned(call: Call, do: ListCanned) -> Page[CannedResponse]:
    """Canned responses, in the order of their shortcuts."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor, do.inbox)
    prefix = clean_shortcut(do.prefix) if do.prefix.strip("/ ") else ""
    found = await call.read(
        lambda conn: canned.list_canned(
            conn, seen, prefix=prefix, after=do.cursor, limit=do.limit + 1
        )
    )
    items = tuple(found[: do.limit])
    return Page(items=items, next=items[-1].shortcut if len(found) > do.limit else None)


async def create_canned(call: Call, do: CreateCanned) -> CannedResponse:
    """Keep a canned response."""
    check(call.actor, Action.EDIT_CANNED)
    text = check_canned(do.text)

    def work(tx: Tx) -> CannedResponse:
        _check_inbox(tx, do.inbox)
        shortcut = _free_shortcut(tx.conn, do.shortcut)
        id = canned.add_canned(tx.conn, shortcut=shortcut, text=text, inbox_id=do.inbox)
        tx.audit("canned.create", "canned", id, shortcut=shortcut)
        return canned.get_canned(tx.conn, id)

    return await commit(call, work)


async def update_canned(call: Call, do: UpdateCanned) -> CannedResponse:
    """Change a canned response."""
    check(call.actor, Action.EDIT_CANNED)

    def work(tx: Tx) -> CannedResponse:
        known = _visible(tx.conn, call, do.canned)
        values: dict[str, Any] = {}
        if isinstance(do.shortcut, str):
            values["shortcut"] = _free_shortcut(tx.conn, do.shortcut, own=known)
        if isinstance(do.text, str):
            values["text"] = check_canned(do.text)
        if not isinstance(do.inbox, UnsetType):
            _check_inbox(tx, do.inbox)
            values["inbox_id"] = do.inbox
        canned.set_canned(tx.conn, known.id, **values)
        tx.audit("canned.update", "canned", known.id, shortcut=known.shortcut)
        return canned.get_canned(tx.conn, known.id)

    return await commit(call, work)


async def delete_canned(call: Call, do: DeleteCanned) -> Done:
    """Delete a canned response."""
    check(call.actor, Action.EDIT_CANNED)

    def work(tx: Tx) -> Done:
        known = _visible(tx.conn, call, do.canned)
        canned.remove_canned(tx.conn, known.id)
        tx.audit("canned.delete", "canned", known.id, shortcut=known.shortcut)
        return Done()

    return await commit(call, work)


async def render_for_conversation(call: Call, do: RenderCanned) -> Rendered:
    """Fill in a canned response for a conversation; what is not known is left empty."""
    check(call.actor, Action.USE_DESK)

    def read(conn: Connection) -> Rendered:
        place = place_for(conn, call.actor, do.conversation, Action.READ_INTERNAL)
        known = _visible(conn, call, do.canned)
        return Rendered(text=render_canned(known.text, _facts(conn, call, place)))

    return await call.read(read)


def _facts(conn: Connection, call: Call, place: Place) -> Facts:
    found = profiles.load_contacts(conn, [place.contact_id] if place.contact_id else [])
    return Facts(
        contact_name=found[0].name if found else "",
        agent_name=call.actor.name if isinstance(call.actor, Agent) else "",
        conversation_id=place.id,
        inbox_name=inboxes.get_inbox(conn, place.inbox_id).name if place.inbox_id else "",
        contact_attributes=found[0].attributes if found else {},
    )


def _visible(conn: Connection, call: Call, id: int) -> CannedResponse:
    found = canned.get_canned(conn, id)
    seen = seen_inboxes(call.actor)
    if found.inbox is not None and seen is not None and found.inbox not in seen:
        raise NotFound
    return found


def _check_inbox(tx: Tx, inbox_id: int | None) -> None:
    """Raise BadInput unless the actor sees this inbox."""
    seen = seen_inboxes(tx.call.actor)
    wanted = None if inbox_id is None else [inbox_id]
    if wanted and (
        (seen is not None and inbox_id not in seen) or not inboxes.list_inboxes(tx.conn, wanted)
    ):
        raise BadInput("inbox: there is none with this id")


def _free_shortcut(conn: Connection, raw: str, own: CannedResponse | None = None) -> str:
    shortcut = clean_shortcut(raw)
    others = canned.list_shortcuts(conn, but=own.id if own else 0)
    if is_taken(shortcut, others, own=own.shortcut if own else None):
        raise Conflict("shortcut: another canned response has it, or one that looks the same")
    return shortcut


_ONE = "/canned/{canned}"
COMMANDS = (
    Command(
        "canned.list", list_canned, "GET", "/canned", {"inbox": 2, "prefix": "he"}, compressed=True
    ),
    Command(
        "canned.create",
        create_canned,
        "POST",
        "/canned",
        {"shortcut": "bye", "text": "Goodbye {{contact.name|now}}, says {{agent.name}}."},
        errors=(Conflict,),
        status=201,
    ),
    Command(
        "canned.update",
        update_canned,
        "PATCH",
        _ONE,
        {"canned": 1, "text": "Hello {{contact.name|there}}!"},
        errors=(NotFound, Conflict),
    ),
    Command("canned.delete", delete_canned, "DELETE", _ONE, {"canned": 1}, errors=(NotFound,)),
    Command(
        "canned.render",
        render_for_conversation,
        "GET",
        f"{_ONE}/text",
        {"canned": 1, "conversation": 17},
        errors=(NotFound,),
    ),
)
