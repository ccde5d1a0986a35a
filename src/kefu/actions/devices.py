"""The browsers that are a contact's: listed and ended.

Rules: a visitor sees and ends those of their own contact; of the team, who may block a contact may
end its browsers, which leaves a trace. A browser that was ended is nobody's: it reads nothing more
of what was said, what it has open closes, and a letter's link that it opened opens no more.
Not here: how a browser becomes a contact's (``actions.starting``, ``actions.mail``,
``actions.visitors``).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id, Page
from kefu.actions.revocations import revoke
from kefu.core.actors import Visitor
from kefu.core.desk import Time, Value, at
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, NotFound
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.hub import device_channel
from kefu.storage import devices as rows
from kefu.storage import letters, profiles


class ListDevices(Form, frozen=True):
    """A contact's browsers."""

    contact: Annotated[Id | None, Meta(description="Whose; a visitor's own if left out.")] = None


class EndDevice(Form, frozen=True):
    """Let a browser be nobody's any more."""

    device: Id


class DeviceInfo(Value, frozen=True):
    """A browser of a contact. ``linked``: a letter's link made it theirs."""

    id: int
    created_at: Time
    verified: bool = False  # a site vouched for them in it
    linked: bool = False
    current: bool = False  # the one that asks


async def list_devices(call: Call, do: ListDevices) -> Page[DeviceInfo]:
    """The browsers of a contact, the oldest first."""

    def read(conn: Connection) -> Page[DeviceInfo]:
        contact_id = _contact(conn, call, do.contact)
        own = call.actor.token_hash if isinstance(call.actor, Visitor) else None
        return Page(
            items=tuple(
                DeviceInfo(
                    id=one.id,
                    created_at=at(one.created_ms),
                    verified=bool(one.verified),
                    linked=one.linked,
                    current=one.token_hash == own,
                )
                for one in rows.list_devices(conn, contact_id)
            )
        )

    return await call.read(read)


async def end_device(call: Call, do: EndDevice) -> Done:
    """End a browser: it is nobody's from now on, and what it has open closes."""

    def work(tx: Tx) -> Done:
        if not isinstance(tx.call.actor, Visitor):
            check(tx.call.actor, Action.MERGE_CONTACTS)
        found = rows.find_device(tx.conn, do.device)
        if found is None:
            raise NotFound
        if _contact(tx.conn, tx.call, found.contact_id) != found.contact_id:
            raise NotFound
        rows.drop_device(tx.conn, found.id)
        letters.drop_links_of(tx.conn, found.token_hash)
        revoke(tx, device_channel(found.token_hash), Ending.LOGGED_OUT)
        if not isinstance(tx.call.actor, Visitor):
            tx.audit("device.end", "contact", found.contact_id, device=found.id)
        return Done()

    return await commit(call, work)


def _contact(conn: Connection, call: Call, asked: int | None) -> int:
    """Whose browsers the caller may see. Raises NotFound, BadInput, as ``check``."""
    if isinstance(call.actor, Visitor):
        if asked not in (None, call.actor.contact_id) or not call.actor.contact_id:
            raise NotFound
        return call.actor.contact_id
    check(call.actor, Action.USE_DESK)
    if asked is None:
        raise BadInput("contact: say whose")
    if profiles.find_visible(conn, asked, seen_inboxes(call.actor)) is None:
        raise NotFound
    return asked


COMMANDS = (
    Command("device.list", list_devices, "GET", "/devices", {"contact": 5}, who="both"),
    Command(
        "device.end",
        end_device,
        "DELETE",
        "/devices/{device}",
        {"device": 7},
        who="both",
        errors=(NotFound,),
    ),
)
