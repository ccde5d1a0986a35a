"""Two contacts made one, and who may then see what both have written."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kefu.actions.conversations import GetConversation, get_conversation
from kefu.core.conversation import SYSTEM
from kefu.core.desk import at
from kefu.core.errors import IllegalState, NotFound
from kefu.storage import contacts, profiles, schema
from kefu.storage.access import find_device
from tests.actions.desk import Desk


async def merge(desk: Desk, from_id: int, into_id: int) -> None:
    await desk.ctx.database.write(
        lambda conn: contacts.merge_contacts(conn, from_id, into_id, by=SYSTEM, now_ms=1)
    )


async def owner(desk: Desk, token_hash: str) -> int | None:
    """The contact that a device leads to now."""
    found = await desk.ctx.database.read(lambda conn: find_device(conn, token_hash))
    return found.visitor.contact_id if found and found.holds else None


async def found(desk: Desk, user_id: str) -> int | None:
    return await desk.ctx.database.read(lambda conn: contacts.find_identified(conn, user_id))


async def test_what_one_has_and_the_other_has_not_is_kept(desk: Desk):
    inbox = await desk.inbox()
    old = await desk.visitor(
        inbox, "Old", email="old@example.com", phone="123", attributes='{"a":1,"b":1}', tags='["x"]'
    )
    new = await desk.visitor(
        inbox, "New", email="new@example.com", attributes='{"b":2}', tags='["y"]', blocked_ms=5
    )
    await merge(desk, old.contact_id, new.contact_id)
    (known,) = await desk.ctx.database.read(
        lambda conn: profiles.load_contacts(conn, [new.contact_id])
    )
    assert (known.name, known.email, known.phone) == ("New", "new@example.com", "123")
    assert (known.attributes, known.tags, known.blocked) == ({"a": 1, "b": 2}, ("y", "x"), True)


@pytest.mark.parametrize(
    ("old_ms", "new_ms", "kept_ms"),
    [(5_000, None, 5_000), (5_000, 9_000, 9_000), (None, None, None)],
)
async def test_who_agreed_as_either_has_agreed_and_when(desk: Desk, old_ms, new_ms, kept_ms):
    inbox = await desk.inbox()
    old = await desk.visitor(inbox, consent_ms=old_ms)
    new = await desk.visitor(inbox, consent_ms=new_ms)
    await merge(desk, old.contact_id, new.contact_id)
    (known,) = await desk.ctx.database.read(
        lambda conn: profiles.load_contacts(conn, [new.contact_id])
    )
    assert known.consented_at == (None if kept_ms is None else at(kept_ms))


async def test_anonymous_browsers_share_what_both_wrote(desk: Desk):
    inbox = await desk.inbox()
    one, two = await desk.visitor(inbox), await desk.visitor(inbox)
    id = await desk.conversation(one)
    await merge(desk, one.contact_id, two.contact_id)
    assert await owner(desk, one.token_hash) == await owner(desk, two.token_hash) == two.contact_id
    assert (await get_conversation(desk.call(two), GetConversation(conversation=id))).id == id


@pytest.mark.parametrize("proved", ["from", "into"])
async def test_with_somebody_who_was_proved_only_proved_browsers_stay(desk: Desk, proved: str):
    inbox = await desk.inbox()
    person = await desk.visitor(inbox, identifier="user:42")
    proof = {"token_hash": "proved", "contact_id": person.contact_id, "inbox_id": inbox}
    await desk.insert(schema.device, **proof, verified=1, created_ms=1)
    anonymous = await desk.visitor(inbox)
    pair = (person.contact_id, anonymous.contact_id)
    from_id, into_id = pair if proved == "from" else pair[::-1]
    await merge(desk, from_id, into_id)
    assert await owner(desk, "proved") == into_id
    assert await owner(desk, anonymous.token_hash) is None
    assert await found(desk, "42") == into_id


async def test_both_of_a_sites_ids_lead_to_the_one_who_is_left(desk: Desk):
    inbox = await desk.inbox()
    first, second, third = [
        (await desk.visitor(inbox, identifier=f"user:{n}")).contact_id for n in (1, 2, 3)
    ]
    await merge(desk, first, second)
    await merge(desk, second, third)
    assert [await found(desk, str(n)) for n in (1, 2, 3)] == [third] * 3
    pointers = await desk.ctx.database.read(
        lambda conn: conn.scalars(select(schema.contact.c.merged_into_id)).all()
    )
    assert [one for one in pointers if one] == [third, third]


async def test_nobody_is_merged_twice_with_themselves_or_by_a_name_alone(desk: Desk):
    inbox = await desk.inbox()
    one, two = await desk.visitor(inbox), await desk.visitor(inbox)
    rooms = await desk.visitor(inbox, identifier="rooms:Li")
    for from_id, into_id in (
        (one.contact_id, one.contact_id),
        (rooms.contact_id, one.contact_id),
        (one.contact_id, rooms.contact_id),
    ):
        with pytest.raises(IllegalState):
            await merge(desk, from_id, into_id)
    await merge(desk, one.contact_id, two.contact_id)
    for from_id, into_id in ((one.contact_id, two.contact_id), (two.contact_id, one.contact_id)):
        with pytest.raises(NotFound):
            await merge(desk, from_id, into_id)
