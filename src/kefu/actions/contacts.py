"""The people who write: looked at, changed, merged, blocked.

Rules: an agent sees and changes the contacts who have a conversation in an inbox of theirs; any
other is as one that is not there. What a site signed (``user_id``, ``verified``) is changed by
nobody here. Whoever shows one of the contact's conversations hears of every change: it is an
activity there.
Not here: finding contacts by words (``actions.search``), a visitor's own proof
(``actions.visitors``), previous conversations (``actions.conversations``, by contact).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import ColumnElement, select

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Cursor, Form, Id, Limit, Page, older_than
from kefu.actions.revocations import revoke
from kefu.core.addresses import EMAIL_CHARS, PHONE_CHARS, clean_email, clean_phone
from kefu.core.attributes import clean_tag, merge_attributes
from kefu.core.desk import Activity, Contact, What
from kefu.core.display import clean_display_name
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, IllegalState, NotFound
from kefu.core.identity import NAME_CHARS
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.core.states import Status
from kefu.hub import contact_channel
from kefu.storage import contacts, identity, profiles
from kefu.storage.inboxes import get_inbox
from kefu.storage.moving import Step, take_steps
from kefu.storage.schema import contact, conversation
from kefu.tags.commands import make_tags

TAGS = 50  # of a contact
TOLD = 200  # conversations at most that are told of a change, the newest first

Locale = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$(?!\n)",
        description="A language tag, as `zh-CN`.",
    ),
]


class GetContact(Form, frozen=True):
    """One contact."""

    contact: Id


class ListContacts(Form, frozen=True):
    """Contacts, the newest first."""

    inbox: Id | None = None
    tag: Annotated[str, Meta(max_length=200)] | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class UpdateContact(Form, frozen=True):
    """What is left out stays as it is; null removes."""

    contact: Id
    name: Annotated[str, Meta(max_length=10 * NAME_CHARS)] | UnsetType = UNSET
    email: Annotated[str, Meta(max_length=2 * EMAIL_CHARS)] | UnsetType | None = UNSET
    phone: Annotated[str, Meta(max_length=2 * PHONE_CHARS)] | UnsetType | None = UNSET
    locale: Locale | UnsetType | None = UNSET
    attributes: (
        Annotated[dict[str, Any], Meta(description="Only those that change; null removes one.")]
        | UnsetType
    ) = UNSET
    tags: Annotated[tuple[str, ...], Meta(max_length=TAGS, description="All.")] | UnsetType = UNSET


class CreateContact(Form, frozen=True):
    """Somebody who has not written yet. ``inbox``: whose agents see them."""

    inbox: Id
    name: Annotated[str, Meta(min_length=1, max_length=10 * NAME_CHARS)]
    email: Annotated[str, Meta(max_length=2 * EMAIL_CHARS)] | UnsetType = UNSET
    phone: Annotated[str, Meta(max_length=2 * PHONE_CHARS)] | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET
    tags: Annotated[tuple[str, ...], Meta(max_length=TAGS)] | UnsetType = UNSET


class MergeContacts(Form, frozen=True):
    """``contact`` stays and takes in ``other``, which leads to it from then on."""

    contact: Id
    other: Id


class BlockContact(Form, frozen=True):
    """Refuse whatever a contact sends, or no more."""

    contact: Id


async def get_contact(call: Call, do: GetContact) -> Contact:
    """A contact; one that was merged is whom it was merged into."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor)
    found = await call.read(lambda conn: profiles.find_visible(conn, do.contact, seen))
    if found is None:
        raise NotFound
    return found


async def list_contacts(call: Call, do: ListContacts) -> Page[Contact]:
    """Contacts, the newest first; those of one inbox, or with a tag."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor, do.inbox)
    tag = None if do.tag is None else clean_tag(do.tag)
    before_id = older_than(do.cursor)
    found = await call.read(
        lambda conn: profiles.list_contacts(
            conn, seen, tag=tag, before_id=before_id, limit=do.limit + 1
        )
    )
    items = tuple(found[: do.limit])
    return Page(items=items, next=str(items[-1].id) if len(found) > do.limit else None)


async def create_contact(call: Call, do: CreateContact) -> Contact:
    """Make a contact who has not written yet; the site has not vouched for them."""
    check(call.actor, Action.EDIT_CONTACTS, do.inbox)
    values = _cleaned(do)
    if not values["name"]:
        raise BadInput("name: nothing of it can be seen")
    if isinstance(do.attributes, dict):
        values["attributes"] = merge_attributes({}, do.attributes)

    def work(tx: Tx) -> Contact:
        seen_inboxes(tx.call.actor, do.inbox)
        get_inbox(tx.conn, do.inbox, members=False)
        made = {"created_ms": tx.now_ms, "inbox_id": do.inbox}
        id = contacts.add_contact(tx.conn, **values, **made)
        make_tags(tx, values.get("tags", ()))
        tx.audit("contact.create", "contact", id)
        return _visible(tx, id)

    return await commit(call, work)


async def update_contact(call: Call, do: UpdateContact) -> Contact:
    """Change what is known of a contact."""
    check(call.actor, Action.EDIT_CONTACTS)
    changes = _cleaned(do)

    def work(tx: Tx) -> Contact:
        known = _visible(tx, do.contact)
        if isinstance(do.attributes, dict):
            changes["attributes"] = merge_attributes(known.attributes, do.attributes)
        new = {key: one for key, one in changes.items() if getattr(known, key) != one}
        if not new:
            return known
        renamed = "name" in new
        if renamed:
            _check_renamed(tx, known.id)
        contacts.set_contact(tx.conn, known.id, **new)
        make_tags(tx, new.get("tags", ()))
        _tell(tx, known.id, "renamed" if renamed else "contact", everywhere=renamed)
        if renamed:  # their connections know them by the old name
            revoke(tx, contact_channel(known.id), Ending.IDENTITY_CHANGED)
        return _visible(tx, known.id)

    return await commit(call, work)


async def merge_contacts(call: Call, do: MergeContacts) -> Contact:
    """Make two contacts one: what the other wrote is from then on this one's."""
    check(call.actor, Action.MERGE_CONTACTS)

    def work(tx: Tx) -> Contact:
        into, other = _visible(tx, do.contact), _visible(tx, do.other)
        tx.entries += contacts.merge_contacts(
            tx.conn, other.id, into.id, by=call.member, now_ms=tx.now_ms
        )
        for one in (into, other):  # both come back as who they are now
            revoke(tx, contact_channel(one.id), Ending.IDENTITY_CHANGED)
        tx.audit("contact.merge", "contact", into.id, other=other.id)
        return _visible(tx, into.id)

    return await commit(call, work)


async def block_contact(call: Call, do: BlockContact) -> Contact:
    """Refuse whatever a contact sends from now on, and close their connections."""
    return await _set_blocked(call, do.contact, blocked=True)


async def unblock_contact(call: Call, do: BlockContact) -> Contact:
    """Let a contact who was blocked write again."""
    return await _set_blocked(call, do.contact, blocked=False)


async def _set_blocked(call: Call, contact_id: int, *, blocked: bool) -> Contact:
    check(call.actor, Action.MERGE_CONTACTS)

    def work(tx: Tx) -> Contact:
        known = _visible(tx, contact_id)
        if known.blocked is blocked:
            return known
        _check_blockable(tx, known.id)
        contacts.set_contact(tx.conn, known.id, blocked_ms=tx.now_ms if blocked else None)
        _tell(tx, known.id, "blocked" if blocked else "unblocked")
        tx.audit("contact.block" if blocked else "contact.unblock", "contact", known.id)
        if blocked:
            revoke(tx, contact_channel(known.id), Ending.BLOCKED)
        return _visible(tx, known.id)

    return await commit(call, work)


def _visible(tx: Tx, contact_id: int) -> Contact:
    found = profiles.find_visible(tx.conn, contact_id, seen_inboxes(tx.call.actor))
    if found is None:
        raise NotFound
    return found


def _check_blockable(tx: Tx, contact_id: int) -> None:
    if is_classic(tx, contact_id):
        raise IllegalState("This contact is known by a name alone, and would only change it.")


def _check_renamed(tx: Tx, contact_id: int) -> None:
    if is_classic(tx, contact_id):
        raise IllegalState("This contact is known by the name alone; it cannot be changed.")


def is_classic(tx: Tx, contact_id: int) -> bool:
    """Whether it is one of the tutorials' protocols, who has nothing but a name."""
    identifier = tx.conn.scalar(select(contact.c.identifier).where(contact.c.id == contact_id))
    return identifier is not None and not identity.is_identified(identifier)


def _tell(tx: Tx, contact_id: int, what: What, *, everywhere: bool = False) -> None:
    """Record a change in the contact's live conversations, or in resolved ones, too."""
    theirs: list[ColumnElement[bool]] = [conversation.c.contact_id == contact_id]
    if not everywhere:
        theirs.append(conversation.c.status != Status.RESOLVED)
    chosen = select(conversation.c.id).where(*theirs).order_by(conversation.c.id.desc())
    ids = tx.conn.scalars(chosen.limit(TOLD)).all()
    activity = Activity(what=what)
    steps = [Step(id, activity, {}, by=tx.call.member) for id in sorted(ids)]
    if steps:
        tx.entries += take_steps(tx.conn, steps, tx.now_ms)


def _cleaned(do: UpdateContact | CreateContact) -> dict[str, Any]:
    """The changes as they are stored, but the attributes, which are merged. Raises BadInput."""
    changes: dict[str, Any] = {}
    if isinstance(do.name, str):
        changes["name"] = clean_display_name(do.name, NAME_CHARS)
    cleaners: dict[str, Callable[[str], str]] = {"email": clean_email, "phone": clean_phone}
    for field in ("email", "phone", "locale"):
        value = getattr(do, field)
        if value is not UNSET:
            clean = cleaners.get(field, str)
            changes[field] = clean(value) if value else None
    if isinstance(do.tags, tuple):
        try:
            changes["tags"] = tuple(dict.fromkeys(map(clean_tag, do.tags)))
        except BadInput as error:
            raise BadInput(f"tags: {error.detail}") from None
    return changes


_ONE = "/contacts/{contact}"
COMMANDS = (
    Command("contact.get", get_contact, "GET", _ONE, {"contact": 5}, errors=(NotFound,)),
    Command(
        "contact.create",
        create_contact,
        "POST",
        "/contacts",
        {"inbox": 2, "name": "Wang Fang", "email": "wang@example.com", "tags": ["vip"]},
        errors=(NotFound,),
        status=201,
    ),
    Command("contact.list", list_contacts, "GET", "/contacts", {"tag": "vip"}),
    Command(
        "contact.update",
        update_contact,
        "PATCH",
        _ONE,
        {"contact": 5, "email": "li@example.com", "tags": ["vip"], "attributes": {"plan": "gold"}},
        errors=(NotFound, IllegalState),
    ),
    Command(
        "contact.merge",
        merge_contacts,
        "POST",
        f"{_ONE}/merge",
        {"contact": 5, "other": 9},
        errors=(NotFound, IllegalState),
    ),
    Command(
        "contact.block",
        block_contact,
        "POST",
        f"{_ONE}/block",
        {"contact": 5},
        errors=(NotFound, IllegalState),
    ),
    Command(
        "contact.unblock",
        unblock_contact,
        "POST",
        f"{_ONE}/unblock",
        {"contact": 5},
        errors=(NotFound, IllegalState),
    ),
)
