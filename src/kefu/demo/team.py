"""A demo's team: a shop's inbox, and people of every role who can sign in.

Rules: made once per store. Passwords are drawn from the store's secret, so that the same demo says
the same ones at each start, and no two demos do. Whoever changes a password has changed it.
A name that somebody of the store has already is told apart by a word behind it.
Not here: what they have done before (``days``), printing them (``cli``), the rooms and direct
protocols (always open in a demo).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import NamedTuple

import msgspec

from kefu.actions.context import Call, Context, Tx, commit
from kefu.core.actors import AgentRole, Standing
from kefu.core.inbox import Settings
from kefu.demo.days import is_new, read_stories, write_days
from kefu.demo.papers import take_papers
from kefu.storage import agents, canned, inboxes
from kefu.storage.files import get_secret

A_WEEK_MS = 7 * 86_400_000
INBOX = "Plain Kettle"  # the shop of the demo's pages (``web/shop``)
WIDGET_KEY = "wk_demo"
# Nothing is asked before one writes, and it is always open: a newcomer sees at once what there is.
_SETTINGS = {
    "preview": True,
    "texts": {
        "en": {"name": "Plain Kettle", "greeting": "Hello. What can we help you with?"},
        "zh-CN": {"name": "素壶 Plain Kettle", "greeting": "您好！有什么可以帮您？"},
    },
}
_CANNED = {
    "hello": "Hello {{contact.first_name|there}}, this is {{agent.name}}. How can I help you?",
    "delivery": "It leaves us the next working day and is with you in two to four days.",
    "returns": "You can send anything back within 30 days. Shall I send you the label by e-mail?",
    "您好": "您好{{contact.name|}}，我是{{agent.name}}，请问有什么可以帮您？",
    "退货": "收到后 30 天内都可以退货。需要我把退货单发到您的邮箱吗？",
}
INSIDERS = {"agent": "mei@demo.kefu", "supervisor": "chen@demo.kefu"}  # who is let in by the door
_PEOPLE = (
    ("小美 Mei", "mei@demo.kefu", AgentRole.AGENT),
    ("Ben", "ben@demo.kefu", AgentRole.AGENT),
    ("Chen", "chen@demo.kefu", AgentRole.SUPERVISOR),
    ("Ada", "ada@demo.kefu", AgentRole.ADMIN),
)


class Account(NamedTuple):
    """Somebody who can sign in at the demo."""

    name: str
    role: AgentRole
    email: str
    password: str


async def prepare_demo(ctx: Context, *, past: datetime | None = None) -> list[Account]:
    """Make what is missing; return the accounts.

    ``past``: the time it is, in this machine's zone, for a new store to have some days before it.
    """
    secret = await ctx.database.read(get_secret)
    accounts = [
        Account(name, role, email, _password(secret, email)) for name, email, role in _PEOPLE
    ]
    known = await ctx.database.read(
        lambda conn: {one.email for one in accounts if agents.has_email(conn, one.email)}
    )
    hashes = {
        one.email: await ctx.passwords.hash(one.password)
        for one in accounts
        if one.email not in known
    }

    papers = None
    if past is not None and ctx.files is not None and await ctx.database.read(is_new):
        names = [name for story in read_stories() for name in story.files.values()]
        papers = await take_papers(ctx.files, names)

    def work(tx: Tx) -> None:
        begins = past is not None and is_new(tx.conn)
        created_ms = tx.now_ms - (A_WEEK_MS if begins else 0)
        found = inboxes.find_by_widget_key(tx.conn, WIDGET_KEY)
        inbox_id = found.id if found else _add_inbox(tx)
        taken, made = agents.list_names(tx.conn), dict[str, int]()
        for one in accounts:
            if one.email in hashes:
                agent_id = agents.add_agent(
                    tx.conn,
                    name=f"{one.name} (demo)" if one.name in taken else one.name,
                    email=one.email,
                    role=one.role,
                    password_hash=hashes[one.email],
                    availability="online",
                    created_ms=created_ms,
                )
                agents.set_inboxes(tx.conn, agent_id, [inbox_id])
                made[one.email.partition("@")[0]] = agent_id
        if past is not None and begins:
            write_days(tx.conn, inbox_id, made, home=ctx.home, now=past, papers=papers)
            for shortcut, text in _CANNED.items():
                canned.add_canned(tx.conn, shortcut=shortcut, text=text, inbox_id=None)

    if hashes:
        await commit(Call(ctx, Standing.SERVER), work)
    return accounts


def _add_inbox(tx: Tx) -> int:
    return inboxes.add_inbox(
        tx.conn,
        kind="widget",
        name=INBOX,
        widget_key=WIDGET_KEY,
        settings=msgspec.convert(_SETTINGS, Settings),
        created_ms=tx.now_ms,
    )


def _password(secret: bytes, email: str) -> str:
    """Sixteen characters that only who has the store can know."""
    drawn = hmac.digest(secret, f"demo:{email}".encode(), hashlib.sha256)
    return base64.b32encode(drawn[:10]).decode().lower()
