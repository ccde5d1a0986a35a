"""A visitor for whom the site vouches, on ``kefu.v1``."""

from __future__ import annotations

import pytest

from kefu.core.identity import Key, hash_user_id
from kefu.storage import identity
from tests.clients.realtime import Refused

KEY = Key("k1", "a secret of thirty-two characters")


async def test_who_is_proved_is_told_so_and_comes_back_as_who_they_are(realm):
    inbox = await realm.inbox()
    await realm.ctx.database.write(lambda conn: identity.add_key(conn, inbox.id, KEY, 1))
    chat = await realm.chat(inbox)
    proof = {"user_id": "42", "hash": hash_user_id("42", KEY), "name": "Li"}
    with pytest.raises(Refused, match="unauthenticated"):
        await chat.client.ask("contact.identify", **proof | {"hash": "0" * 64})
    me = await chat.client.ask("contact.identify", **proof)
    assert (me["name"], me["verified"]) == ("Li", True)
    code, reason = await chat.client.closed()
    assert (code in range(4100, 4200), reason) == (True, "identity_changed")
    again = await realm.join(chat.token, inbox.key)
    assert (await again.ask("contact.identify", **proof))["id"] == me["id"]
    opened = await again.ask("conversation.open", conversation=chat.conversation, since=0)
    assert opened["conversation"]["contact"]["name"] == "Li"
    assert await again.ask("ping") == {}
