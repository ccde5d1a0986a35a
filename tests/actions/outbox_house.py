"""An outbox in a house, with a webhook to a real receiver, and words to say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from kefu.actions.context import Call, Tx, commit
from kefu.actions.letters import Post
from kefu.actions.outbox import Outbox
from kefu.actions.webhook_log import DeliveryInfo, ListDeliveries, list_deliveries
from kefu.actions.webhooks import CreateWebhook, NewWebhook, create_webhook
from kefu.core.actors import Agent, AgentRole, Standing, Visitor
from kefu.core.conversation import Entry, NewMessage
from kefu.core.desk import Activity, EventName
from kefu.core.permissions import Policy
from kefu.core.urls import read_allowed
from kefu.outbound.fetch import Bounds, Fetcher
from kefu.storage.appending import append_entry
from kefu.storage.states import address_of, record
from tests.actions.desk import Desk

LOOPBACK = read_allowed(["127.0.0.0/8"])


@dataclass
class House:
    """``desk`` with an outbox that does nothing but when it is asked to ``look``."""

    desk: Desk
    outbox: Outbox
    fetcher: Fetcher
    admin: Agent
    inbox: int
    li: Visitor
    talk: int  # Li's conversation

    async def say(self, *texts: str, by: Agent | Visitor | None = None, talk: int = 0) -> None:
        """``by`` (Li) says this in a conversation (Li's)."""
        for text in texts:

            def work(tx: Tx, text: str = text) -> None:
                place = address_of(tx.conn, talk or self.talk)
                who = (by or self.li).member
                new = NewMessage(place, who, None, text, tx.now_ms)
                tx.entries.append(append_entry(tx.conn, new))

            await commit(Call(self.desk.ctx, Standing.SERVER), work)

    async def note(self, text: str, by: Agent) -> None:
        """``by`` writes a note in Li's conversation."""

        def work(tx: Tx) -> None:
            place = address_of(tx.conn, self.talk)
            new = NewMessage(place, by.member, None, text, tx.now_ms, Entry.NOTE, True)
            tx.entries.append(append_entry(tx.conn, new))

        await commit(Call(self.desk.ctx, Standing.SERVER), work)

    async def tag(self) -> None:
        """Something happens to Li's conversation that is no message."""

        def work(tx: Tx) -> None:
            activity = Activity(what="tagged")
            entry = record(tx.conn, self.talk, activity, by=self.admin.member, now_ms=tx.now_ms)
            tx.entries.append(entry)

        await commit(Call(self.desk.ctx, Standing.SERVER), work)

    async def look(self) -> int | None:
        """One look of the outbox, and everything that it begins. Returns when it is due again."""
        await self.outbox.look()
        await self.outbox.settled()
        due_ms = await self.outbox.look()
        await self.outbox.settled()
        return due_ms

    async def hook(
        self,
        url: str,
        *,
        events: tuple[EventName, ...] = (),
        inbox: int | None = None,
        bot: int | None = None,
    ) -> NewWebhook:
        """A webhook."""
        do = CreateWebhook(url=url, events=events, inbox=inbox, bot=bot)
        return await create_webhook(self.desk.call(self.admin), do)

    async def log(self, webhook: int) -> Sequence[DeliveryInfo]:
        """A webhook's log, oldest first."""
        page = await list_deliveries(self.desk.call(self.admin), ListDeliveries(webhook=webhook))
        return page.items[::-1]


@asynccontextmanager
async def house_of(desk: Desk, post: Post | None = None) -> AsyncIterator[House]:
    """A house for the block; with ``post`` it sends letters, too."""
    links = post is not None and bool(post.public_url)
    policy = Policy(reach=LOOPBACK, mail=post is not None, links=links)
    desk.ctx = replace(desk.ctx, policy=policy)
    fetcher = Fetcher(LOOPBACK, Bounds(total_s=5.0))
    inbox = await desk.inbox()
    li = await desk.visitor(inbox)
    outbox = Outbox(desk.ctx, fetcher, post)
    yield House(
        desk,
        outbox,
        fetcher,
        await desk.agent(role=AgentRole.ADMIN),
        inbox,
        li,
        await desk.conversation(li),
    )
    await outbox.close()
    fetcher.close()
