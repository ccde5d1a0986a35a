"""A visitor says who they are on the site that they come from, and the site vouches for it.

Rules: what proves nothing changes nothing. A contact that was proved is found by the site's id of
the person, in every inbox: one Kefu serves one house. Whatever an anonymous browser wrote before
becomes theirs; a browser that another person is proved on becomes that person's, and takes nothing
along. Only what the site signed can be believed; what the page adds to a hash is its own word.
No name is an agent's (``actions.naming``).
Not here: the proof (``core.identity``), merging by hand (``actions.contacts``).
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, structs
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Line, Name
from kefu.actions.me import VisitorInfo, visitor_info
from kefu.actions.naming import anonymous_name, visitor_name
from kefu.actions.revocations import revoke
from kefu.core.actors import Visitor
from kefu.core.addresses import clean_email, clean_phone
from kefu.core.attributes import check_attributes, merge_attributes
from kefu.core.conversation import SYSTEM
from kefu.core.desk import Activity
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, NotAllowed, Unauthenticated
from kefu.core.identity import Identity, Key, Unproved, verify_hash, verify_token
from kefu.hub import contact_channel, device_channel
from kefu.storage import access, contacts, identity, profiles, starting
from kefu.storage.inboxes import get_inbox


class Identify(Form, frozen=True):
    """A proof: `jwt`, or `user_id` and `hash`, to which the page may add the rest."""

    # Whatever is wrong with a proof, its type included, it proves nothing.
    jwt: Annotated[Any, Meta(description="A token that the site signed (HS256).")] = None
    user_id: Annotated[Any, Meta(description="The site's own id of the visitor.")] = None
    hash: Annotated[Any, Meta(description="HMAC-SHA256 of `user_id` in hexadecimal.")] = None
    name: Name | None = None
    email: Line | None = None
    phone: Line | None = None
    attributes: dict[str, Any] | None = None


async def identify(call: Call, do: Identify) -> VisitorInfo:
    """Prove who the visitor is; answers whom the browser belongs to from now on."""
    visitor = call.actor
    if not isinstance(visitor, Visitor):
        raise NotAllowed

    def read(conn: Connection) -> tuple[list[Key], str]:
        keys = [key for key, _ in identity.list_keys(conn, visitor.inbox_id)]
        return keys, get_inbox(conn, visitor.inbox_id, members=False).widget_key or ""

    keys, widget_key = await call.read(read)
    try:
        person = _proved(do, keys, widget_key, call.ctx.now_ms())
    except Unproved as refused:
        seldom = call.ctx.chores.seldom
        seldom.note("identity_refused", inbox=visitor.inbox_id, reason=refused.why)
        raise

    def work(tx: Tx) -> VisitorInfo:
        called = structs.replace(person, name=visitor_name(tx.conn, person.name or "") or None)
        id = _whose(tx, visitor, called)
        name = _update(tx, id, called)
        known = structs.replace(visitor, contact_id=id, name=name, verified=True)
        return visitor_info(known, starting.find_contact(tx.conn, id))

    return await commit(call, work)


def _proved(do: Identify, keys: list[Key], audience: str, now_ms: int) -> Identity:
    added = {"name": do.name, "email": do.email, "phone": do.phone, "attributes": do.attributes}
    if do.jwt is not None:
        if any(one is not None for one in (do.user_id, do.hash, *added.values())):
            raise BadInput("jwt: it says everything itself; leave out the rest")
        return verify_token(do.jwt, keys=keys, audience=audience, now_ms=now_ms)
    proved = verify_hash(do.user_id, do.hash, keys=keys)
    return structs.replace(
        proved,
        name=do.name,
        email=clean_email(do.email) if do.email else None,
        phone=clean_phone(do.phone) if do.phone else None,
        attributes=check_attributes(do.attributes or {}),
    )


def _whose(tx: Tx, visitor: Visitor, person: Identity) -> int:
    """Let the browser belong to ``person``; returns their contact's id."""
    conn, token_hash = tx.conn, visitor.token_hash
    device = access.find_device(conn, token_hash)
    known = contacts.find_identified(conn, person.user_id)
    if device is not None and not device.holds:
        raise Unauthenticated("This browser's token does not hold any more.")
    if device is None or device.visitor.verified:
        if device is not None and device.visitor.contact_id == known:
            return known
        id = known or _new_contact(tx, visitor, person)
        if device is None:
            starting.add_device(
                conn,
                token_hash=token_hash,
                contact_id=id,
                inbox_id=visitor.inbox_id,
                created_ms=tx.now_ms,
            )
        identity.set_vouched(conn, token_hash, id)
        revoke(tx, device_channel(token_hash), Ending.IDENTITY_CHANGED)
        return id
    return _recognise(tx, device.visitor, known, person)


def _recognise(tx: Tx, visitor: Visitor, known: int | None, person: Identity) -> int:
    """Give what an anonymous browser's contact is and has to the person whose it is."""
    anonymous = visitor.contact_id
    identity.set_vouched(tx.conn, visitor.token_hash, anonymous)
    revoke(tx, contact_channel(anonymous), Ending.IDENTITY_CHANGED)
    about: dict[str, Any] = {"by": SYSTEM, "now_ms": tx.now_ms}
    if known is None:
        contacts.identify_contact(tx.conn, anonymous, person.user_id)
        activity = Activity(what="identified")
        tx.entries += contacts.record_about(tx.conn, anonymous, activity, **about)
        return anonymous
    tx.entries += contacts.merge_contacts(tx.conn, anonymous, known, what="identified", **about)
    revoke(tx, contact_channel(known), Ending.IDENTITY_CHANGED)
    return known


def _new_contact(tx: Tx, visitor: Visitor, person: Identity) -> int:
    name = person.name or visitor_name(tx.conn, person.user_id)
    name = name or anonymous_name(visitor.token_hash)
    identifier = identity.IDENTIFIED + person.user_id
    return contacts.add_contact(
        tx.conn, identifier=identifier, name=name, created_ms=tx.now_ms, seen_ms=tx.now_ms
    )


def _update(tx: Tx, contact_id: int, person: Identity) -> str:
    """Keep what was said of the person; returns the name. Raises NotAllowed: they are blocked."""
    (known,) = profiles.load_contacts(tx.conn, [contact_id])
    if known.blocked:
        raise NotAllowed
    said = {"name": person.name, "email": person.email, "phone": person.phone}
    changes: dict[str, Any] = {name: one for name, one in said.items() if one}
    if person.attributes:
        changes["attributes"] = merge_attributes(known.attributes, person.attributes)
    contacts.set_contact(tx.conn, contact_id, **changes)
    if person.name and person.name != known.name:
        told = {entry.conversation_id for entry in tx.entries}  # that it is somebody else now
        about: dict[str, Any] = {"by": SYSTEM, "now_ms": tx.now_ms, "but": told}
        renamed = Activity(what="renamed")
        tx.entries += contacts.record_about(tx.conn, contact_id, renamed, **about)
        if not told:
            revoke(tx, contact_channel(contact_id), Ending.IDENTITY_CHANGED)
    return person.name or known.name


# Of "42", with the key that the inbox of the examples has.
_HASH = "4c329c3f5485bb4b5b644ffed7e5625286cd9ebc35f7c404bae140d25823ea4f"
COMMANDS = (
    Command(
        "contact.identify",
        identify,
        "POST",
        "/identity",
        {"user_id": "42", "hash": _HASH, "name": "Li Lei"},
        who="visitor",
        errors=(Unauthenticated,),
    ),
)
