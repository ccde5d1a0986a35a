"""Webhooks: set up, looked after, tried and replayed by an admin.

Rules: a URL is judged when it is set and again before each connection; nobody but the operator's
allow-list opens inner addresses. A secret is told once, when it is drawn. What happens while a
webhook is off is not sent to it later.
Not here: the log and replays (``actions.webhook_log``), sending (``actions.deliveries``), which
URLs are safe (``core.urls``).
"""

from __future__ import annotations

import secrets
from functools import partial
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id, Page, with_once
from kefu.actions.outbox import CHANNEL, Due
from kefu.core.desk import EventName, Time, Value, at
from kefu.core.errors import BadInput, IllegalState, TooMany
from kefu.core.permissions import Action, check
from kefu.core.urls import MAX_URL_CHARS, UnsafeUrl, check_url
from kefu.core.webhooks import Breaker, Circuit, circuit, make_secret
from kefu.storage import inboxes, outbox
from kefu.storage import webhooks as rows
from kefu.storage.webhooks import Hook

SECRET_BYTES = 32
LIVE_SECRETS = 2

Url = Annotated[str, Meta(max_length=MAX_URL_CHARS, description="http or https, public.")]
Events = Annotated[tuple[EventName, ...], Meta(max_length=10, description="None: all.")]


class Webhook(Value, frozen=True):
    """A webhook. ``circuit``: whether its receiver is sent anything now."""

    id: int
    url: str
    created_at: Time
    active: bool
    circuit: Circuit
    events: tuple[EventName, ...] = ()
    inbox: int | None = None
    bot: int | None = None


class NewWebhook(Webhook, frozen=True, kw_only=True):
    """A webhook with the ``secret`` that it signs with, which is not told again."""

    secret: str


class Tested(Value, frozen=True):
    """A test is on its way; what becomes of it is in the log."""

    delivery: int


class CreateWebhook(Form, frozen=True):
    """A new webhook."""

    url: Url
    events: Events = ()
    inbox: Annotated[Id | None, Meta(description="Only what happens there.")] = None
    bot: Annotated[Id | None, Meta(description="The bot that hears of its chats by it.")] = None


class ListWebhooks(Form, frozen=True):
    """All webhooks."""


class GetWebhook(Form, frozen=True):
    """One webhook."""

    webhook: Id


class UpdateWebhook(Form, frozen=True):
    """What is to change; what is left out stays."""

    webhook: Id
    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    inbox: Id | UnsetType | None = UNSET
    bot: Id | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class RotateSecret(Form, frozen=True):
    """A new secret; the one before it signs beside it until the next rotation."""

    webhook: Id
    drop_old: Annotated[bool, Meta(description="Sign with the new one alone.")] = False


class DeleteWebhook(Form, frozen=True):
    """The webhook and its log."""

    webhook: Id


class TryWebhook(Form, frozen=True):
    """A delivery about nothing, at once."""

    webhook: Id


async def create_webhook(call: Call, do: CreateWebhook) -> NewWebhook:
    """Make a webhook. It hears of what happens from now on."""
    check(call.actor, Action.MANAGE)
    _check_url(call, do.url)
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))

    def work(tx: Tx) -> NewWebhook:
        if len(rows.list_hooks(tx.conn)) >= call.ctx.limits.webhooks:
            raise TooMany("There are as many webhooks as the server allows.")
        _check_targets(tx.conn, do.inbox, do.bot)
        id = rows.add_hook(
            tx.conn,
            url=do.url,
            secrets=[secret],
            events=do.events,
            inbox_id=do.inbox,
            bot_id=do.bot,
            created_ms=tx.now_ms,
        )
        tx.audit("webhook.create", "webhook", id, url=do.url)
        return with_once(NewWebhook, _shown(rows.get_hook(tx.conn, id), tx.now_ms), secret=secret)

    return await commit(call, work)


async def list_webhooks(call: Call, do: ListWebhooks) -> Page[Webhook]:
    """All webhooks, without their secrets."""
    check(call.actor, Action.MANAGE)
    now_ms = call.ctx.now_ms()
    found = await call.read(rows.list_hooks)
    return Page(items=tuple(_shown(hook, now_ms) for hook in found))


async def get_webhook(call: Call, do: GetWebhook) -> Webhook:
    """One webhook, without its secrets."""
    check(call.actor, Action.MANAGE)
    return _shown(
        await call.read(lambda conn: rows.get_hook(conn, do.webhook)),
        call.ctx.now_ms(),
    )


async def update_webhook(call: Call, do: UpdateWebhook) -> Webhook:
    """Change a webhook, switch it off or on again.

    Switched on, it hears of what happens from then on. What waited when it was switched off can be
    replayed.
    """
    check(call.actor, Action.MANAGE)
    if do.url is not UNSET:
        _check_url(call, do.url)

    def work(tx: Tx) -> Webhook:
        hook = rows.get_hook(tx.conn, do.webhook)
        changed = {
            column: value
            for column, value in (
                ("url", do.url),
                ("events", do.events),
                ("inbox_id", do.inbox),
                ("bot_id", do.bot),
            )
            if value is not UNSET
        }
        _check_targets(tx.conn, do.inbox or None, do.bot or None)
        rows.set_hook(tx.conn, hook.id, **changed)
        if do.active is not UNSET and do.active != hook.active:
            _switch(tx, hook.id, on=do.active)
            changed["active"] = do.active
        tx.audit("webhook.update", "webhook", hook.id, **changed)
        return _shown(rows.get_hook(tx.conn, hook.id), tx.now_ms)

    return await commit(call, work)


async def rotate_secret(call: Call, do: RotateSecret) -> NewWebhook:
    """Draw a new secret. The one before it signs beside it, so that no delivery is refused."""
    check(call.actor, Action.MANAGE)
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))

    def work(tx: Tx) -> NewWebhook:
        hook = rows.get_hook(tx.conn, do.webhook)
        live = [secret, *([] if do.drop_old else hook.secrets)][:LIVE_SECRETS]
        rows.set_hook(tx.conn, hook.id, secrets=live)
        tx.audit("webhook.rotate_secret", "webhook", hook.id, drop_old=do.drop_old)
        return with_once(NewWebhook, _shown(hook, tx.now_ms), secret=secret)

    return await commit(call, work)


async def delete_webhook(call: Call, do: DeleteWebhook) -> Done:
    """Delete a webhook with its log; what waits is not sent."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Done:
        hook = rows.get_hook(tx.conn, do.webhook)
        rows.remove_hook(tx.conn, hook.id)
        tx.audit("webhook.delete", "webhook", hook.id, url=hook.url)
        return Done()

    return await commit(call, work)


async def try_webhook(call: Call, do: TryWebhook) -> Tested:
    """Send a test delivery, once and at once, also to a receiver that was left alone."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Tested:
        hook = get_active(tx.conn, do.webhook)
        rows.set_hook(tx.conn, hook.id, breaker=Breaker())
        id = outbox.add_test(tx.conn, hook.id, tx.now_ms)
        tx.audit("webhook.test", "webhook", hook.id)
        tx.after.append(partial(call.ctx.hub.signal, [CHANNEL], Due()))
        return Tested(delivery=id)

    return await commit(call, work)


def get_active(conn: Connection, webhook_id: int) -> Hook:
    """The webhook. Raises NotFound, IllegalState: it is off."""
    hook = rows.get_hook(conn, webhook_id)
    if not hook.active:
        raise IllegalState("The webhook is off; switch it on first.")
    return hook


def _switch(tx: Tx, webhook_id: int, *, on: bool) -> None:
    if on:
        newest = rows.newest_id(tx.conn)
        rows.set_hook(tx.conn, webhook_id, active=1, last_id=newest, breaker=Breaker())
    else:
        rows.set_hook(tx.conn, webhook_id, active=0)
        outbox.give_up(tx.conn, webhook_id, tx.now_ms, "off")


def _check_url(call: Call, url: str) -> None:
    try:
        check_url(url, call.ctx.policy.reach)
    except UnsafeUrl as refusal:
        raise BadInput(f"url: {refusal}") from None


def _check_targets(conn: Connection, inbox_id: int | None, bot_id: int | None) -> None:
    if inbox_id is not None and not inboxes.list_inboxes(conn, [inbox_id]):
        raise BadInput("inbox: there is none with this id")
    if bot_id is not None and not rows.is_bot(conn, bot_id):
        raise BadInput("bot: there is no bot with this id")


def _shown(hook: Hook, now_ms: int) -> Webhook:
    return Webhook(
        id=hook.id,
        url=hook.url,
        created_at=at(hook.created_ms),
        active=hook.active,
        circuit=circuit(hook.breaker, now_ms) if hook.active else Circuit.DISABLED,
        events=hook.events,
        inbox=hook.inbox_id,
        bot=hook.bot_id,
    )


COMMANDS = (
    Command(
        "webhook.create",
        create_webhook,
        "POST",
        "/webhooks",
        {"url": "https://example.com/kefu", "events": ["message.added"], "inbox": 2},
        status=201,
        errors=(TooMany,),
        secret=True,
    ),
    Command("webhook.list", list_webhooks, "GET", "/webhooks", {}),
    Command("webhook.get", get_webhook, "GET", "/webhooks/{webhook}", {"webhook": 1}),
    Command(
        "webhook.update",
        update_webhook,
        "PATCH",
        "/webhooks/{webhook}",
        {"webhook": 1, "active": True},
    ),
    Command(
        "webhook.rotate_secret",
        rotate_secret,
        "POST",
        "/webhooks/{webhook}/secrets",
        {"webhook": 1},
        status=201,
        secret=True,
    ),
    Command("webhook.delete", delete_webhook, "DELETE", "/webhooks/{webhook}", {"webhook": 1}),
    Command(
        "webhook.test",
        try_webhook,
        "POST",
        "/webhooks/{webhook}/test",
        {"webhook": 1},
        errors=(IllegalState,),
    ),
)
