"""S05 and S06: what does not prove who a visitor is lets nobody see what is theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any, NamedTuple

import pytest

from tests.security.asking import OK, Asker
from tests.security.office import MARK, Office, Person, draw
from tests.security.witness import undisturbed

SECRET = "a secret of thirty-two characters"
OTHER_SECRET = "another inbox's own secret of 34 c"
VICTIM = "Customer-42"
KID = "k1"


def hash_of(user_id: str, secret: str = SECRET) -> str:
    return hmac.digest(secret.encode(), user_id.encode(), "sha256").hex()


RIGHT = hash_of(VICTIM)
HASHES: dict[str, dict[str, Any]] = {
    "missing": {"user_id": VICTIM},
    "null": {"user_id": VICTIM, "hash": None},
    "empty": {"user_id": VICTIM, "hash": ""},
    "an empty array": {"user_id": VICTIM, "hash": []},
    "an array of it": {"user_id": VICTIM, "hash": [RIGHT]},
    "an object": {"user_id": VICTIM, "hash": {"$ne": ""}},
    "true": {"user_id": VICTIM, "hash": True},
    "zero": {"user_id": VICTIM, "hash": 0},
    "wrong": {"user_id": VICTIM, "hash": "0" * 64},
    "its beginning": {"user_id": VICTIM, "hash": RIGHT[:-1]},
    "more than it": {"user_id": VICTIM, "hash": RIGHT + "0"},
    "with blanks": {"user_id": VICTIM, "hash": f" {RIGHT} "},
    "in capitals": {"user_id": VICTIM, "hash": RIGHT.upper()},
    "of another id": {"user_id": VICTIM, "hash": hash_of("Customer-43")},
    "of no id": {"user_id": VICTIM, "hash": hash_of("")},
    "by another inbox's key": {"user_id": VICTIM, "hash": hash_of(VICTIM, OTHER_SECRET)},
    "not keyed": {"user_id": VICTIM, "hash": hashlib.sha256(VICTIM.encode()).hexdigest()},
    "not ASCII": {"user_id": VICTIM, "hash": "é" * 64},
    "of the id in another case": {"user_id": VICTIM.lower(), "hash": RIGHT},
    "of the id with a blank": {"user_id": VICTIM + " ", "hash": RIGHT},
    "of an id in an array": {"user_id": [VICTIM], "hash": RIGHT},
    "without an id": {"hash": RIGHT},
    "with an empty id": {"user_id": "", "hash": hash_of("")},
    "nothing at all": {},
}


class Proving(NamedTuple):
    """Inboxes that know of one customer: the shop, and one that wants everybody proved."""

    office: Office
    strict: int
    conversation: int  # the customer's

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What a good token says."""
        now_s = int(time.time())
        good = {"sub": VICTIM, "aud": self.office.keys[self.office.shop], "exp": now_s + 600}
        return {name: one for name, one in (good | changed).items() if one is not None}

    def jwt(self, secret: str = SECRET, alg: str = "HS256", **changed: Any) -> str:
        """A token; ``header`` changes its header."""
        header = {"alg": alg, "typ": "JWT", "kid": KID} | changed.pop("header", {})
        signed = f"{part(header)}.{part(self.claims(**changed))}"
        name = {"HS384": "sha384", "HS512": "sha512"}.get(alg, "sha256")
        signature = hmac.digest(secret.encode(), signed.encode(), name)
        return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def part(values: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.fixture(scope="session")
def proving(office: Office) -> Proving:
    made = office.ask(
        office.admin,
        "POST",
        "/inboxes",
        json={"name": "strict", "settings": {"identity_required": True}},
    ).json()
    office.keys[made["id"]] = made["widget_key"]
    for inbox, secret in (
        (office.shop, SECRET),
        (made["id"], SECRET),
        (office.other, OTHER_SECRET),
    ):
        key = {"kid": KID, "secret": secret}
        office.ask(office.admin, "POST", f"/inboxes/{inbox}/identity-keys", json=key)
        office.heard.secrets.add(secret)
    customer = office.visitor()
    office.ask(customer, "POST", "/identity", json={"user_id": VICTIM, "hash": RIGHT})
    begun = office.ask(customer, "POST", "/conversations", json={"client_id": "1", "text": MARK})
    return Proving(office, made["id"], begun.json()["conversation"]["id"])


def claims(proving: Proving) -> dict[str, dict[str, Any]]:
    """What a token may not say, by what is wrong with it."""
    now_s, other = int(time.time()), proving.office.keys[proving.office.other]
    return {
        "expired": {"exp": now_s - 1},
        "for ever": {"exp": None},
        "for more than a day": {"exp": now_s + 2 * 86_400},
        "not yet": {"nbf": now_s + 600},
        "made in the future": {"iat": now_s + 600},
        "an end that is text": {"exp": str(now_s + 600)},
        "of another audience": {"aud": other},
        "of no audience": {"aud": None},
        "of other audiences": {"aud": [other, "*", ""]},
        "of nobody": {"sub": None},
        "of a blank": {"sub": " "},
        "of a number": {"sub": 42},
    }


HEADERS: dict[str, dict[str, Any]] = {
    "kid of a path": {"kid": "../../../../dev/null"},
    "kid of SQL": {"kid": "x' UNION SELECT 'k"},
    "kid of a URL": {"kid": "https://evil.example/key"},
    "kid of an array": {"kid": [KID]},
    "kid null": {"kid": None},
    "kid in capitals": {"kid": KID.upper()},
    "a critical extension": {"crit": ["exp"], "exp": 1},
}


def forged(proving: Proving) -> dict[str, Any]:
    """Tokens that are put together wrongly."""
    good = proving.jwt()
    head, body, signature = good.split(".")
    return {
        "without a signature": f"{head}.{body}.",
        "without its end": good[:-1],
        "with other claims": f"{head}.{part(proving.claims(sub='admin'))}.{signature}",
        "two parts": f"{head}.{body}",
        "five parts": f"{good}..",
        "no text": {"alg": "none"},
        "an array": [good],
        "empty": "",
        "huge": "a" * 20_000,
        "not ASCII": "é" * 100,
        "a header of great depth": part({}) + "." + "[" * 5_000 + "." + signature,
    } | {
        f"alg {alg!r}": f"{part({'alg': alg, 'kid': KID})}.{body}.{end}"
        for alg in ("none", "None", "NONE", "nOnE", "", None)
        for end in ("", signature)
    }


@pytest.fixture(scope="session")
def tokens(proving: Proving) -> dict[str, Any]:
    """What is no proof, by what is wrong with it."""
    return {
        **forged(proving),
        **{name: proving.jwt(**changed) for name, changed in claims(proving).items()},
        **{
            f"{name}, signed by {secret!r}": proving.jwt(secret, header=changed)
            for name, changed in HEADERS.items()
            for secret in ("", SECRET)
        },
        **{f"{alg} by the secret": proving.jwt(alg=alg) for alg in ("RS256", "ES256", "HS384")},
        "HS512": proving.jwt(alg="HS512"),
        "its own key": proving.jwt(
            OTHER_SECRET, header={"jwk": {"kty": "oct", "k": part({}), "kid": KID}}
        ),
        "a key elsewhere": proving.jwt(OTHER_SECRET, header={"jku": "http://127.0.0.1:1/"}),
        "by no key": proving.jwt(""),
        "by another inbox's key": proving.jwt(OTHER_SECRET),
    }


async def sees_nothing(asker: Asker, who: Person) -> None:
    """They are not taken for anybody."""
    me = (await asker.ask(who, "session.me")).values["visitor"]
    assert not me.get("verified")
    assert (await asker.ask(who, "conversation.list")).values["items"] == []


async def test_s05_a_hash_that_does_not_hold_proves_nothing(proving: Proving, asker: Asker):
    office, answers = proving.office, set()
    async with undisturbed(office):
        for name, proof in HASHES.items():
            visitor = office.visitor()
            answer = await asker.ask(visitor, "contact.identify", **proof)
            assert answer.code == "unauthenticated", name
            answers.add(answer)
            await sees_nothing(asker, visitor)
    assert len(answers) == 1


async def test_s06_a_token_that_does_not_hold_proves_nothing(proving, tokens, asker: Asker):
    office, answers = proving.office, set()
    async with undisturbed(office):
        for name, token in tokens.items():
            visitor = office.visitor()
            answer = await asker.ask(visitor, "contact.identify", jwt=token)
            assert answer.code == "unauthenticated", name
            answers.add(answer)
            await sees_nothing(asker, visitor)
    assert len(answers) == 1


async def test_s05_s06_what_holds_shows_the_customer_what_is_theirs(proving, asker: Asker):
    """So that what is refused above is refused for what is wrong with it."""
    for proof in ({"user_id": VICTIM, "hash": RIGHT}, {"jwt": proving.jwt()}):
        visitor = proving.office.visitor()
        assert (await asker.ask(visitor, "contact.identify", **proof)).code == OK
        read = await asker.ask(visitor, "conversation.get", conversation=proving.conversation)
        assert read.code == OK


async def test_s05_where_proof_is_required_nobody_begins_without(proving, asker: Asker):
    office, strict = proving.office, proving.strict
    for proof in HASHES.values():
        visitor = office.visitor(strict)
        await asker.ask(visitor, "contact.identify", **proof)
        begun = await asker.ask(visitor, "conversation.start", client_id=draw(""), text="x")
        assert begun.code == "unauthenticated"
    visitor = office.visitor(strict)
    said = {"client_id": draw(""), "text": "x", "answers": {"user_id": VICTIM, "hash": RIGHT}}
    assert (await asker.ask(visitor, "conversation.start", **said)).code == "unauthenticated"


async def test_s05_a_file_comes_from_nobody_whom_the_inbox_wants_proved(proving, rest):
    """An upload asks the same as a first message."""
    visitor = proving.office.visitor(proving.strict)
    sent = await rest.send(visitor, "POST", "/files", params={"name": "a"}, content=b"x")
    begun: dict[str, Any] = {"client_id": draw(""), "text": "x"}
    if sent.is_success:
        begun["files"] = [sent.json()["id"]]
    answer = await rest.ask(visitor, "conversation.start", **begun)
    assert answer.code == "unauthenticated"
