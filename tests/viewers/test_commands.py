"""Who of the team looks at which conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kefu.actions.context import Call, Proof
from kefu.actions.following import OpenFeed, open_feed
from kefu.core.actors import Agent, Claim
from kefu.core.errors import NotAllowed, NotFound
from kefu.core.signals import LookingChanged
from kefu.core.tokens import Kind
from kefu.core.views import person
from kefu.hub import inbox_channel
from kefu.viewers.commands import LookAt, look_at, stop_looking
from tests.actions.acts import chat
from tests.actions.desk import Desk


class Window:
    """A connection of an agent's."""

    ended = False

    def __init__(self, desk: Desk, agent: Agent) -> None:
        self._desk, self._agent = desk, agent

    async def look(self, id: int | None = None) -> None:
        proof = Proof(Claim(Kind.SESSION, ""), None, 0, ear=self)  # type: ignore[arg-type]
        call: Call = replace(self._desk.call(self._agent), proof=None)
        object.__setattr__(call, "proof", proof)
        await look_at(_Let(call), LookAt(conversation=id))  # type: ignore[arg-type]


class _Let:
    """A call whose proof holds whatever the store says."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    async def read(self, fn: Any) -> Any:
        return await self._call.ctx.database.read(fn)


async def test_the_team_is_told_who_looks_and_who_does_no_more(desk: Desk):
    inbox = await desk.inbox()
    ann, bob = [await desk.agent(inboxes=[inbox]) for _ in range(2)]
    one, two = [(await chat(desk, inbox))[1] for _ in range(2)]
    heard = desk.recorder(inbox_channel(inbox))
    hers, again, his = Window(desk, ann), Window(desk, ann), Window(desk, bob)
    for step in (hers.look(one), hers.look(one), again.look(one), his.look(one), hers.look(two)):
        await step
    stop_looking(desk.ctx, again)
    stop_looking(desk.ctx, again)
    await his.look()
    who = {"ann": person(ann.member), "bob": person(bob.member)}
    assert [(each.conversation, each.people) for each in heard.signals] == [
        (one, (who["ann"],)),
        (one, (who["ann"], who["bob"])),
        (one, (who["ann"], who["bob"])),  # in her other window
        (two, (who["ann"],)),
        (one, (who["bob"],)),
        (one, ()),
    ]
    page = (await open_feed(desk.call(bob), OpenFeed())).page
    assert page.looking == (LookingChanged(conversation=two, people=(who["ann"],)),)


async def test_one_looks_at_what_one_may_see(desk: Desk):
    inbox = await desk.inbox()
    li, id = await chat(desk, inbox)
    outside = await desk.agent(inboxes=[await desk.inbox()])
    ann = await desk.agent(inboxes=[inbox])
    with pytest.raises(NotFound):
        await look_at(desk.call(outside), LookAt(conversation=id))
    with pytest.raises(NotAllowed):
        await look_at(desk.call(li), LookAt(conversation=id))
    await look_at(desk.call(ann), LookAt(conversation=id))  # over HTTP
    assert (await open_feed(desk.call(outside), OpenFeed())).page.looking == ()
    assert len((await open_feed(desk.call(ann), OpenFeed())).page.looking) == 1
    stop_looking(desk.ctx, ann.key)
    assert (await open_feed(desk.call(ann), OpenFeed())).page.looking == ()
