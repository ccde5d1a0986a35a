"""A request that is sent again takes effect once; rates hold whoever comes by whatever way."""

from __future__ import annotations

from typing import get_type_hints

import pytest
from sqlalchemy import select, update

from kefu.actions.carrying import PLAIN, THINGS
from kefu.actions.catalogue import COMMANDS
from kefu.actions.mail import Opened
from kefu.actions.starting import Started
from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from kefu.gateways.rest.authentication import COOKIE
from kefu.outreach.commands import Begun
from kefu.storage import schema
from tests.gateways.rest.conftest import Shop


async def test_a_repeat_is_done_once_and_answered_again(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    key, body = {"Idempotency-Key": "team-1"}, {"name": "Night"}
    first, again = [
        await shop.ask(admin, "POST", "/teams", json=body, headers=key) for _ in range(2)
    ]
    assert first.is_success
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (await shop.ask(admin, "POST", "/teams", json=body)).status_code == 409


async def test_a_key_that_was_used_for_something_else_is_refused(shop: Shop):
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    path, key = f"/conversations/{conversation}/messages", {"Idempotency-Key": "k1"}
    sent = await shop.ask(visitor, "POST", path, json={"text": "one"}, headers=key)
    other = await shop.ask(visitor, "POST", path, json={"text": "two"}, headers=key)
    assert sent.is_success
    assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")


async def test_the_key_serves_as_the_id_of_a_send(shop: Shop):
    visitor = shop.visitor()
    key = {"Idempotency-Key": "send-1"}
    started, again = [
        await shop.ask(visitor, "POST", "/conversations", json={"text": "Hello"}, headers=key)
        for _ in range(2)
    ]
    assert started.json()["message"]["client_id"] == "send-1"
    assert again.json()["conversation"]["id"] == started.json()["conversation"]["id"]


async def test_two_visitors_may_use_the_same_key(shop: Shop):
    key = {"Idempotency-Key": "mine"}
    ids = {
        (await shop.ask(shop.visitor(), "POST", "/conversations", json={"text": "x"}, headers=key))
        .json()["conversation"]["id"]
        for _ in range(2)
    }  # fmt: skip
    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 101])
async def test_a_key_is_visible_ascii(shop: Shop, key):
    headers = {"Idempotency-Key": key.encode()}
    response = await shop.ask(
        shop.visitor(), "POST", "/conversations", json={"text": "x"}, headers=headers
    )
    assert response.status_code == 422


async def limited(house, **limits: float) -> Shop:
    return await Shop.open(await house.serve_production(enabled=False), **limits)


async def test_who_asks_too_much_is_told_when_to_come_back(house):
    shop = await limited(house, commands_burst=3, commands_per_s=0.01)
    agent, other = await shop.agent(), await shop.agent()
    answers = [await shop.ask(agent, "GET", "/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 90 < int(answers[-1].headers["retry-after"]) <= 100
    assert 90_000 < answers[-1].json()["error"]["retry_ms"] <= 100_000
    assert (await shop.ask(other, "GET", "/me")).status_code == 200


async def test_who_guesses_tokens_is_slowed_down_and_nobody_else(house):
    shop = await limited(house, bad_tokens_burst=3, bad_tokens_per_s=0.01)
    agent = await shop.agent()
    assert (await shop.ask(agent, "GET", "/me")).status_code == 200
    guesses = [{"Authorization": f"Bearer {Kind.API}{n:043}"} for n in range(900, 904)]
    guesses[2] = {"Cookie": f"{COOKIE}={Kind.SESSION}{900:043}"}
    answers = [(await shop.ask(guess, "GET", "/me")).status_code for guess in guesses]
    assert answers == [401, 401, 401, 429]
    assert (await shop.ask(agent, "GET", "/me")).status_code == 200


async def test_a_repeat_is_told_what_stands_now_and_nothing_that_is_gone(shop: Shop):
    """What a message said until it was deleted is kept nowhere, so no key brings it back."""
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    path = f"/conversations/{conversation}/messages/2"
    edit = {"json": {"text": "my secret"}, "headers": {"Idempotency-Key": "edit-1"}}
    edited = await shop.ask(visitor, "PATCH", path, **edit)
    assert edited.json()["text"] == "my secret"
    kept = await shop.desk.ctx.database.read(
        lambda conn: " ".join(conn.scalars(select(schema.answer.c.json)))
    )
    assert "secret" not in kept
    await shop.ask(visitor, "DELETE", path)
    again = await shop.ask(visitor, "PATCH", path, **edit)
    assert again.is_success
    assert "deleted_at" in again.json()
    assert "secret" not in again.text


SENT: dict[str, object] = {"text": "Hello"}
CHANGES: list[tuple[str, str, dict[str, object]]] = [  # C: a conversation, P: its contact
    ("POST", "/conversations/C/messages", SENT),
    ("POST", "/conversations/C/notes", SENT),
    ("PUT", "/conversations/C/tags", {"tags": ["vip"]}),
    ("PUT", "/conversations/C/status", {"status": "resolved"}),
    ("PATCH", "/conversations/C/messages/3", {"text": "Good day"}),
    ("PATCH", "/contacts/P", {"tags": ["vip"]}),
    ("POST", "/canned", {"shortcut": "hi", "text": "Hello"}),
    ("POST", "/teams", {"name": "Night"}),
    ("PATCH", "/inboxes/2", {"name": "Store"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=lambda one: str(one)[:30])
async def test_a_token_that_may_not_read_is_told_by_a_repeat_what_it_was_told_at_first(
    shop: Shop, method: str, path: str, body: dict[str, object]
):
    writer = await shop.agent(AgentRole.ADMIN, scopes=["write", "admin"])
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    said = {"json": SENT | {"client_id": "first"}}
    await shop.ask(writer, "POST", f"/conversations/{conversation}/messages", **said)
    contact = (await shop.ask(visitor, "GET", "/me")).json()["visitor"]["id"]
    path = path.replace("C", str(conversation)).replace("P", str(contact))
    key = {"Idempotency-Key": "once"}
    first, again = [await shop.ask(writer, method, path, json=body, headers=key) for _ in range(2)]
    assert first.is_success, first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (await shop.ask(writer, "GET", "/inboxes")).status_code == 403


async def test_a_token_that_may_not_read_is_told_nothing_of_what_its_agent_may_not_see(shop: Shop):
    writer = await shop.agent(scopes=["write"])
    conversation = await shop.start(shop.visitor())
    path, key = f"/conversations/{conversation}/tags", {"Idempotency-Key": "once"}
    body = {"tags": ["vip"]}
    assert (await shop.ask(writer, "PUT", path, json=body, headers=key)).is_success
    admin = await shop.agent(AgentRole.ADMIN)
    await shop.ask(admin, "PUT", f"/inboxes/{shop.inbox_id}/agents", json={"agents": []})
    assert (await shop.ask(writer, "PUT", path, json=body, headers=key)).status_code == 404


async def test_a_repeat_that_an_earlier_version_stored_is_told_what_stands_now(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    key, body = {"Idempotency-Key": "team-1"}, {"name": "Night"}
    first = await shop.ask(admin, "POST", "/teams", json=body, headers=key)
    await shop.desk.ctx.database.write(
        lambda conn: conn.execute(update(schema.answer).values(json=first.text))
    )
    await shop.ask(admin, "PATCH", f"/teams/{first.json()['id']}", json={"name": "Day"})
    again = await shop.ask(admin, "POST", "/teams", json=body, headers=key)
    assert (again.status_code, again.json()["name"]) == (first.status_code, "Day")


def test_every_answer_that_is_kept_is_kept_by_ids():
    """A new kind of answer has to say how a repeat reads it anew."""
    kept = {command.answer for command in COMMANDS if command.changes and not command.secret}
    for answer in kept:
        types = get_type_hints(answer).values() if answer in (Started, Opened, Begun) else [answer]
        assert all(one in THINGS or one in PLAIN or one is int for one in types), answer
