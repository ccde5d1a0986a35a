"""Who is on the site, on ``kefu.v1``: told to those who work in the inbox, as it happens."""

from __future__ import annotations

import asyncio

from kefu.widget.watching import EVERY_S


async def test_a_console_hears_that_somebody_is_on_the_site_and_then_that_nobody_is(realm):
    inbox, other = await realm.inbox(watch_visitors=True), await realm.inbox()
    agent, elsewhere = await realm.console(inbox), await realm.console(other)
    visitor = (await realm.chat(inbox)).client
    for one in (agent, elsewhere, visitor):
        await one.ask("feed.open")
    here = {"widget_key": inbox.key, "visit": "x" * 16, "page": "https://www.example.com/"}
    begun_s = asyncio.get_running_loop().time()
    for title in ("A", "B", "C"):
        assert await visitor.ask("visitor.report", title=title, **here) == {}
    assert (await agent.hear("visitors")) == {"on": "visitors", "inbox": inbox.id, "count": 1}
    (one,) = (await agent.ask("visitor.list", inbox=inbox.id))["items"]
    assert (one["title"], one["page"]) == ("C", "https://www.example.com/")
    await visitor.ask("visitor.report", left=True, **here)
    assert (await agent.hear("visitors")) == {"on": "visitors", "inbox": inbox.id}
    assert asyncio.get_running_loop().time() - begun_s >= 2 * EVERY_S - 0.1
    for one in (elsewhere, visitor):
        await one.ask("ping")
        assert not [told for told in one.told if told["on"] == "visitors"]
