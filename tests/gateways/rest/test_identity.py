"""Passwords and proofs of identity over HTTP: tries are counted, and nothing tells who is there."""

from __future__ import annotations

import jwt
import pytest

from kefu.core.identity import Key, hash_user_id
from kefu.storage import identity
from tests.actions.people import OTHER_PASSWORD, PASSWORD, hire
from tests.gateways.rest.conftest import Headers, Shop

SECRET = "a secret of so many characters that every HMAC could be made with it"
KEY = Key("k1", SECRET)
EMAIL = "li@example.com"


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """The shop, with an agent who has a password, and an identity key."""
    await hire(shop.desk, EMAIL)
    await shop.desk.ctx.database.write(
        lambda conn: identity.add_key(conn, shop.inbox_id, KEY, shop.desk.clock.now_ms)
    )
    return shop


async def login(shop: Shop, email: str, password: str, **headers: str):
    asked = {"email": email, "password": password}
    return await shop.ask({}, "POST", "/session", json=asked, headers=headers)


async def test_s11_the_eleventh_try_waits_whatever_the_client_changes(shop: Shop):
    for number in range(10):
        email = EMAIL.upper() if number % 2 else EMAIL
        refused = await login(shop, email, "wrong", **{"User-Agent": f"browser {number}"})
        assert refused.status_code == 401
    for email, password in ((EMAIL, PASSWORD), (EMAIL.title(), PASSWORD), ("ann@x.org", "wrong")):
        refused = await login(shop, email, password, **{"User-Agent": "another"})
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "too_many"
        assert 0 < int(refused.headers["retry-after"]) <= 300


async def test_a_session_is_listed_with_the_browser_that_it_was_opened_in(shop: Shop):
    said = "Mozilla/5.0 " + "x" * 600
    token = (await login(shop, EMAIL, PASSWORD, **{"User-Agent": said})).json()["token"]
    listed = (await shop.ask({"Authorization": f"Bearer {token}"}, "GET", "/sessions")).json()
    current = next(one for one in listed["items"] if one.get("current"))
    assert current["user_agent"] == said[:500]


async def test_s12_known_and_unknown_users_get_the_same_answer(shop: Shop):
    answers = [await login(shop, email, "wrong") for email in (EMAIL, "ann@x.org", "no address")]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    links = []
    for link in ("kl_" + "A" * 43, "x"):
        used = {"link": link, "password": PASSWORD}
        links.append(await shop.ask({}, "POST", "/session/link", json=used))
    assert [link.status_code for link in links] == [401, 401]
    assert links[0].content == links[1].content


async def test_s13_another_password_ends_the_other_sessions(shop: Shop):
    mine, other = [(await login(shop, EMAIL, PASSWORD)).json()["token"] for _ in range(2)]
    assert mine != other
    me, there = ({"Authorization": f"Bearer {token}"} for token in (mine, other))
    change = {"old": PASSWORD, "password": OTHER_PASSWORD}
    assert (await shop.ask(me, "PUT", "/me/password", json=change)).status_code == 200
    assert (await shop.ask(me, "GET", "/me")).status_code == 200
    assert (await shop.ask(there, "GET", "/me")).status_code == 401
    assert (await login(shop, EMAIL, PASSWORD)).status_code == 401
    assert (await login(shop, EMAIL, OTHER_PASSWORD)).status_code == 201


def token(claims: dict[str, object], secret: str = SECRET, **header: object) -> str:
    headers = {"kid": "k1"} | header
    return jwt.encode(claims, secret, str(headers.pop("alg", "HS256")), headers=headers)


async def is_verified(shop: Shop, visitor: Headers) -> bool:
    me = (await shop.ask(visitor, "GET", "/me")).json()
    return bool(me["visitor"].get("verified"))


async def test_s05_a_hash_that_does_not_prove_it_changes_nothing(shop: Shop):
    person, stranger = shop.visitor(), shop.visitor()
    proof = {"user_id": "42", "hash": hash_user_id("42", KEY)}
    assert (await shop.ask(person, "POST", "/identity", json=proof)).status_code == 200
    history = await shop.start(person, "My order")
    await shop.start(stranger)
    no_hashes: list[object] = ["", None, [], {}, 1, "0" * 64]
    for wrong in (
        {"user_id": "42"},
        *({"user_id": "42", "hash": value} for value in no_hashes),
        {"user_id": "42", "hash": hash_user_id("43", KEY)},
        {"user_id": "42", "hash": hash_user_id("42", KEY).upper()},
        {"user_id": ["42"], "hash": hash_user_id("42", KEY)},
        {"hash": hash_user_id("42", KEY)},
    ):
        refused = await shop.ask(stranger, "POST", "/identity", json=wrong)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthenticated")
    assert not await is_verified(shop, stranger)
    assert (await shop.ask(stranger, "GET", f"/conversations/{history}")).status_code == 404
    assert await is_verified(shop, person)


async def test_s05_an_inbox_that_wants_proof_begins_nothing_without(shop: Shop):
    strict = {"origins": [], "identity_required": True}
    await shop.desk.inbox(widget_key="wk_strict", settings=strict)
    visitor = shop.visitor() | {"X-Kefu-Widget": "wk_strict"}
    begun = await shop.ask(
        visitor, "POST", "/conversations", json={"client_id": "1", "text": "Hello"}
    )
    assert begun.status_code == 401


async def test_s06_a_token_that_does_not_hold_proves_nothing(shop: Shop):
    visitor, exp = shop.visitor(), shop.desk.clock.now_ms // 1000 + 600
    good: dict[str, object] = {"sub": "42", "aud": shop.widget_key, "exp": exp}
    for wrong in (
        token(good, "", alg="none"),
        token(good, alg="HS512"),
        token(good, "another secret of thirty-two chars"),
        token(good | {"exp": exp - 1200}),
        token(good | {"exp": exp + 100_000}),
        token(good | {"aud": "wk_other"}),
        token({"sub": "42", "exp": exp}),
        token(good, kid="../../../dev/null"),
        token(good, kid="k2"),
        "x.y.z",
        ["x"],
    ):
        refused = await shop.ask(visitor, "POST", "/identity", json={"jwt": wrong})
        assert refused.status_code == 401
    assert not await is_verified(shop, visitor)
    proved = await shop.ask(visitor, "POST", "/identity", json={"jwt": token(good)})
    assert proved.status_code == 200
    assert await is_verified(shop, visitor)


async def test_s19_what_is_not_of_the_form_is_refused_and_changes_nothing(shop: Shop):
    boss = await shop.agent()
    visitor = shop.visitor()
    proof = {"user_id": "42", "hash": hash_user_id("42", KEY)}
    for who, path, body in (
        (visitor, "/identity", proof | {"verified": True}),
        (visitor, "/identity", proof | {"contact": 1}),
        ({}, "/session", {"email": EMAIL, "password": PASSWORD, "role": "admin"}),
        (boss, "/tokens", {"name": "x", "scopes": ["read"], "token_hash": "x"}),
    ):
        refused = await shop.ask(who, "POST", path, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")
    assert not await is_verified(shop, visitor)
