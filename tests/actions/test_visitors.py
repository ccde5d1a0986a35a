"""Visitors for whom their site vouches."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import structlog
from sqlalchemy import select

from kefu.actions.audit import ListAudit, list_audit
from kefu.actions.conversations import GetConversation, get_conversation
from kefu.actions.identity_keys import (
    AddIdentityKey,
    ListIdentityKeys,
    RetireIdentityKey,
    add_key,
    list_keys,
    retire_key,
)
from kefu.actions.me import GetMe, VisitorInfo, get_me
from kefu.actions.starting import as_started
from kefu.actions.visitors import Identify, identify
from kefu.core.actors import Agent, Visitor
from kefu.core.desk import at
from kefu.core.errors import (
    BadInput,
    Conflict,
    IllegalState,
    NotAllowed,
    NotFound,
    Unauthenticated,
)
from kefu.core.identity import Key, hash_user_id
from kefu.core.tokens import Kind, hash_token
from kefu.hub import access_channels, contact_channel, device_channel
from kefu.storage import profiles, schema
from kefu.storage.desk import list_events, since
from tests.actions.acts import says, starts, timeline
from tests.actions.desk import Desk
from tests.actions.people import actor_of, admin, token_of

SECRET = "a secret of thirty-two characters"
KEY = Key("k1", SECRET)


class House:
    """An inbox with one identity key, and browsers."""

    def __init__(self, desk: Desk, boss: Agent, inbox: int, widget_key: str) -> None:
        self.desk, self.boss, self.inbox, self.widget_key = desk, boss, inbox, widget_key

    async def browser(self) -> tuple[str, Visitor]:
        token = token_of(Kind.DEVICE)
        return token, await self.visitor(token)

    async def visitor(self, token: str) -> Visitor:
        actor = await actor_of(self.desk.ctx, token, self.widget_key)
        assert isinstance(actor, Visitor)
        return actor

    async def proves(self, visitor: Visitor, user_id: str = "42", **more: Any) -> VisitorInfo:
        asked = Identify(user_id=user_id, hash=hash_user_id(user_id, KEY), **more)
        return await identify(self.desk.call(visitor), asked)

    async def known(self, contact_id: int):
        (found,) = await self.desk.ctx.database.read(
            lambda conn: profiles.load_contacts(conn, [contact_id])
        )
        return found

    async def sees(self, visitor: Visitor, conversation: int) -> bool:
        try:
            asked = GetConversation(conversation=conversation)
            await get_conversation(self.desk.call(visitor), asked)
        except NotFound:
            return False
        return True


@pytest.fixture
async def house(desk: Desk) -> House:
    boss, inbox = await admin(desk), await desk.inbox(widget_key="wk_house")
    await add_key(desk.call(boss), AddIdentityKey(inbox=inbox, kid="k1", secret=SECRET))
    return House(desk, boss, inbox, "wk_house")


def token(house: House, **claims: Any) -> str:
    exp = house.desk.clock.now_ms // 1000 + 600
    full = {"sub": "42", "aud": house.widget_key, "exp": exp} | claims
    return jwt.encode(full, SECRET, "HS256", headers={"kid": "k1"})


async def test_a_token_makes_a_browser_the_persons_whom_it_names(house: House):
    browser, visitor = await house.browser()
    signed = token(house, name="Li Lei", email="LI@example.com", attributes={"plan": "gold"})
    me = await identify(house.desk.call(visitor), Identify(jwt=signed))
    assert (me.name, me.verified) == ("Li Lei", True)
    assert (await house.visitor(browser)).verified
    known = await house.known(me.id)
    assert (known.user_id, known.email, known.attributes) == (
        "42",
        "li@example.com",
        {"plan": "gold"},
    )


async def test_a_hash_does_too_and_the_page_may_add_the_rest(house: House):
    _, visitor = await house.browser()
    me = await house.proves(visitor, name="Li\u202e Lei", phone="+86 10 1234 5678")
    assert (me.name, me.verified) == ("Li Lei", True)
    assert (await house.known(me.id)).phone == "+86 10 1234 5678"


async def test_who_is_proved_is_told_what_they_need_not_be_asked_for(house: House):
    desk = house.desk
    browser, visitor = await house.browser()
    assert (await house.proves(visitor, email="li@example.com")).known == ("name", "email")
    me = await get_me(desk.call(await house.visitor(browser)), GetMe())
    assert me.visitor is not None
    assert (me.visitor.known, me.visitor.consented_at) == (("name", "email"), None)


async def test_a_visitor_is_told_when_they_agreed(desk: Desk):
    stranger = desk.stranger(await desk.inbox(settings={"consent": {}}))
    assert (await get_me(desk.call(stranger), GetMe())).visitor == VisitorInfo(
        id=0, inbox=stranger.inbox_id
    )
    begun = as_started(stranger, await starts(desk, stranger, consent=True))
    desk.clock.advance(60)
    me = (await get_me(desk.call(begun), GetMe())).visitor
    assert me is not None
    assert (me.known, me.consented_at) == ((), at(desk.clock.now_ms - 60_000))


@pytest.mark.parametrize("said", ["小龙", "小⻰", "小龙."])
@pytest.mark.parametrize("signed", [False, True])
async def test_nobody_is_called_like_an_agent_however_they_are_proved(
    house: House, said: str, signed: bool
):
    await house.desk.agent("小龙")
    _, visitor = await house.browser()
    if signed:
        proof = Identify(jwt=token(house, name=said, email="li@example.com"))
        me = await identify(house.desk.call(visitor), proof)
    else:
        me = await house.proves(visitor, name=said, email="li@example.com")
    assert me.name == "42"
    known = await house.known(me.id)
    assert (known.name, known.email) == ("42", "li@example.com")


async def test_whose_id_at_the_site_is_an_agents_name_is_called_a_visitor(house: House):
    await house.desk.agent("小龙")
    _, visitor = await house.browser()
    assert (await house.proves(visitor, "小龙")).name.startswith("Visitor ")


async def test_whoever_is_known_keeps_their_name_when_they_say_an_agents(house: House):
    await house.desk.agent("小龙")
    _, visitor = await house.browser()
    await house.proves(visitor, name="Li")
    assert (await house.proves(visitor, name="小龙")).name == "Li"


async def test_beside_a_token_the_page_says_nothing(house: House):
    _, visitor = await house.browser()
    added: list[dict[str, Any]] = [{"name": "X"}, {"user_id": "42"}, {"attributes": {}}]
    for asked in [Identify(jwt=token(house), **more) for more in added]:
        with pytest.raises(BadInput):
            await identify(house.desk.call(visitor), asked)


WRONG: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no hash": {"user_id": "42"},
    "an empty hash": {"user_id": "42", "hash": ""},
    "null": {"user_id": "42", "hash": None},
    "a list": {"user_id": "42", "hash": [hash_user_id("42", KEY)]},
    "another's": {"user_id": "42", "hash": hash_user_id("43", KEY)},
    "upper case": {"user_id": "42", "hash": hash_user_id("42", KEY).upper()},
    "another key's": {"user_id": "42", "hash": hash_user_id("42", Key("k1", SECRET + "!"))},
    "a number": {"user_id": 42, "hash": hash_user_id("42", KEY)},
    "no user": {"hash": hash_user_id("42", KEY)},
    "a blank user": {"user_id": " ", "hash": hash_user_id(" ", KEY)},
    "an empty token": {"jwt": ""},
    "a list of tokens": {"jwt": ["x"]},
    "no token": {"jwt": "a.b.c"},
}


async def test_what_proves_nothing_changes_nothing(house: House):
    first, visitor = await house.browser()
    verified = await house.proves(visitor)
    stranger_token, stranger = await house.browser()
    started = await starts(house.desk, stranger)
    anonymous = await house.visitor(stranger_token)
    claims: list[dict[str, Any]] = [{"aud": "wk_other"}, {"exp": 1}, {"sub": ""}]
    proofs = [*WRONG.values(), *({"jwt": token(house, **wrong)} for wrong in claims)]
    for proof in proofs:
        with pytest.raises(Unauthenticated):
            await identify(house.desk.call(anonymous), Identify(**proof))
    assert await house.visitor(stranger_token) == anonymous == as_started(stranger, started)
    assert anonymous.contact_id != verified.id
    assert (await house.visitor(first)).contact_id == verified.id


async def test_a_key_of_another_inbox_proves_nothing_here(house: House):
    other = await house.desk.inbox(widget_key="wk_other")
    visitor = house.desk.stranger(other)
    with pytest.raises(Unauthenticated):
        await house.proves(visitor)


async def test_what_a_browser_wrote_before_becomes_the_persons(house: House):
    browser, stranger = await house.browser()
    started = await starts(house.desk, stranger)
    writing = await house.visitor(browser)
    connected = house.desk.recorder(*access_channels(writing))
    me = await house.proves(writing, name="Li")
    assert me.id == writing.contact_id  # nobody was known by this id yet
    assert connected.reasons == ["identity_changed"]
    *_, told = await timeline(house.desk, started.conversation.id)
    assert told.activity
    assert told.activity.what == "identified"
    assert await house.sees(await house.visitor(browser), started.conversation.id)


async def test_a_second_browser_joins_the_person_with_all_it_has(house: House):
    first, visitor = await house.browser()
    known = await house.proves(visitor, name="Li")
    earlier = await starts(house.desk, await house.visitor(first))
    second, stranger = await house.browser()
    started = await starts(house.desk, stranger)
    anonymous = await house.visitor(second)
    old, new = (house.desk.recorder(contact_channel(id)) for id in (anonymous.contact_id, known.id))
    me = await house.proves(anonymous)
    assert (me.id, me.name) == (known.id, "Li")
    assert old.reasons
    assert new.reasons
    person = await house.visitor(second)
    for browser in (first, second):
        visitor = await house.visitor(browser)
        assert visitor.contact_id == known.id
        for id in (earlier.conversation.id, started.conversation.id):
            assert await house.sees(visitor, id)
    await says(house.desk, person, started.conversation.id, "Still me")
    said = await timeline(house.desk, started.conversation.id)
    assert {one.sender.name for one in said if one.text} == {"Li"}
    assert {one.sender.id for one in said if one.text} == {known.id}


async def test_the_events_of_a_merge_carry_whom_a_conversation_belongs_to_now(house: House):
    _, visitor = await house.browser()
    known = await house.proves(visitor, name="Li")
    second, stranger = await house.browser()
    started = await starts(house.desk, stranger)
    await house.proves(await house.visitor(second))
    events = await house.desk.ctx.database.read(
        lambda conn: list_events(conn, since(0), limit=100, epoch="e")
    )
    told = [event.state for event in events if event.state]
    assert told[-1].id == started.conversation.id
    assert told[-1].contact
    assert (told[-1].contact.id, told[-1].contact.name) == (known.id, "Li")


async def test_an_unproved_browser_of_the_same_contact_is_left_out(house: House):
    browser, stranger = await house.browser()
    started = await starts(house.desk, stranger)
    anonymous = await house.visitor(browser)
    other = token_of(Kind.DEVICE)
    row = {"token_hash": hash_token(other), "contact_id": anonymous.contact_id, "created_ms": 1}
    await house.desk.insert(schema.device, inbox_id=house.inbox, **row)
    assert await house.sees(await house.visitor(other), started.conversation.id)
    await house.proves(anonymous)
    outside = await house.visitor(other)  # the browser begins anew
    assert (outside.contact_id, outside.verified) == (0, False)
    assert not await house.sees(outside, started.conversation.id)


async def test_another_person_in_the_same_browser_takes_nothing_along(house: House):
    browser, visitor = await house.browser()
    li = await house.proves(visitor, "42", name="Li")
    lis = await starts(house.desk, await house.visitor(browser))
    connected = house.desk.recorder(device_channel(hash_token(browser)))
    ann = await house.proves(await house.visitor(browser), "43", name="Ann")
    assert ann.id != li.id
    assert connected.reasons == ["identity_changed"]
    assert not await house.sees(await house.visitor(browser), lis.conversation.id)
    back = await house.proves(await house.visitor(browser), "42")
    assert (back.id, back.name) == (li.id, "Li")
    assert await house.sees(await house.visitor(browser), lis.conversation.id)


async def test_a_proof_may_be_repeated_and_then_closes_nothing(house: House):
    browser, visitor = await house.browser()
    first = await house.proves(visitor, name="Li", attributes={"plan": "gold"})
    known = await house.visitor(browser)
    connected = house.desk.recorder(*access_channels(known))
    again = await house.proves(known, attributes={"seats": 3})
    assert again == first
    assert connected.reasons == []
    assert (await house.known(first.id)).attributes == {"plan": "gold", "seats": 3}


async def test_who_was_blocked_stays_so_in_every_browser(house: House):
    _, visitor = await house.browser()
    await house.desk.visitor(house.inbox, "Li", identifier="user:42", blocked_ms=1)
    with pytest.raises(NotAllowed):
        await house.proves(visitor)


async def test_only_visitors_are_identified(house: House):
    with pytest.raises(NotAllowed):
        await identify(house.desk.call(house.boss), Identify())


async def test_an_inbox_that_wants_proof_begins_nothing_without(house: House):
    inbox = await house.desk.inbox(widget_key="wk_strict", settings={"identity_required": True})
    key = AddIdentityKey(inbox=inbox, kid="k1", secret=SECRET)
    await add_key(house.desk.call(house.boss), key)
    strict = House(house.desk, house.boss, inbox, "wk_strict")
    browser, stranger = await strict.browser()
    with pytest.raises(Unauthenticated):
        await starts(house.desk, stranger)
    await strict.proves(stranger)
    assert await starts(house.desk, await strict.visitor(browser))


async def test_a_key_is_drawn_and_told_once(desk: Desk):
    boss, inbox = await admin(desk), await desk.inbox()
    made = await add_key(desk.call(boss), AddIdentityKey(inbox=inbox))
    other = await add_key(desk.call(boss), AddIdentityKey(inbox=inbox))
    assert made.secret
    assert made.secret != other.secret
    assert len(made.secret) >= 32
    listed = (await list_keys(desk.call(boss), ListIdentityKeys(inbox=inbox))).items
    assert [one.kid for one in listed] == [made.kid, other.kid]
    assert not any(hasattr(one, "secret") for one in listed)
    trail = await list_audit(desk.call(boss), ListAudit())
    assert [(one.act, one.details) for one in trail.items][-1] == (
        "inbox.add_identity_key",
        {"kid": made.kid},
    )


async def test_two_keys_count_and_one_is_retired_for_another(house: House):
    call = house.desk.call(house.boss)
    with pytest.raises(Conflict):
        await add_key(call, AddIdentityKey(inbox=house.inbox, kid="k1"))
    await add_key(call, AddIdentityKey(inbox=house.inbox, kid="k2"))
    with pytest.raises(IllegalState):
        await add_key(call, AddIdentityKey(inbox=house.inbox, kid="k3"))
    browser, visitor = await house.browser()
    await house.proves(visitor)
    await retire_key(call, RetireIdentityKey(inbox=house.inbox, kid="k1"))
    known = await house.visitor(browser)
    assert known.verified  # stays proved
    with pytest.raises(Unauthenticated):
        await house.proves(known)
    with pytest.raises(NotFound):
        await retire_key(call, RetireIdentityKey(inbox=house.inbox, kid="k1"))
    await add_key(call, AddIdentityKey(inbox=house.inbox, kid="k3"))


async def test_keys_are_the_admins(desk: Desk):
    inbox = await desk.inbox()
    li = await desk.agent(inboxes=[inbox])
    for act in (
        add_key(desk.call(li), AddIdentityKey(inbox=inbox)),
        list_keys(desk.call(li), ListIdentityKeys(inbox=inbox)),
        retire_key(desk.call(li), RetireIdentityKey(inbox=inbox, kid="k1")),
    ):
        with pytest.raises(NotAllowed):
            await act
    with pytest.raises(NotFound):
        await add_key(desk.call(await admin(desk)), AddIdentityKey(inbox=4711))
    kept = await desk.ctx.database.read(lambda c: c.execute(select(schema.identity_key)).all())
    assert kept == []


async def test_why_a_proof_was_refused_stands_in_the_log(house: House):
    _, visitor = await house.browser()
    call = house.desk.call(visitor)
    with structlog.testing.capture_logs() as logs, pytest.raises(Unauthenticated):
        await identify(call, Identify(jwt=token(house, aud="wk_other")))
    assert logs == [
        {
            "event": "identity_refused",
            "times": 1,
            "log_level": "info",
            "inbox": house.inbox,
            "reason": "aud: not the inbox's widget key",
        }
    ]
