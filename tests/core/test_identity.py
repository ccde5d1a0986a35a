"""A visitor is who the site signed for, and nobody else."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.attributes import VALUE_CHARS
from kefu.core.errors import BadInput, Unauthenticated
from kefu.core.identity import (
    LEEWAY_S,
    LIFETIME_S,
    TOKEN_CHARS,
    USER_ID_CHARS,
    Identity,
    Key,
    Unproved,
    hash_user_id,
    verify_hash,
    verify_token,
)

NOW_S = 1_770_000_000
OLD, NEW = Key("old", "a" * 32), Key("new", "b" * 40)
STRANGER = Key("new", "c" * 32)
CLAIMS = {"sub": "user-7", "aud": "wk_shop", "exp": NOW_S + 300}


def verify(token, keys=(OLD, NEW), audience="wk_shop"):
    return verify_token(token, keys=keys, audience=audience, now_ms=NOW_S * 1000)


def sign(claims, key=NEW, **header):
    return jwt.encode(claims, key.secret, "HS256", headers={"kid": key.id, **header})


def sign_raw(header, payload, key=NEW):
    """A token of any header and payload, well signed by HMAC-SHA256."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    digest = hmac.digest(key.secret.encode(), signed, "sha256")
    return (signed + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


@pytest.mark.parametrize("key", [OLD, NEW])
def test_a_token_signed_with_a_live_key_proves_the_identity(key):
    assert verify(sign(CLAIMS, key)) == Identity("user-7")
    assert verify(sign_raw({"alg": "HS256", "kid": key.id}, CLAIMS, key)) == Identity("user-7")


def test_what_the_site_says_of_a_person_is_cleaned_and_kept():
    person = {
        "name": " Ann\u202e Lee ",
        "email": "Ann@Example.com",
        "phone": "+86 10-1234",
        "attributes": {"plan": "pro", "seats": 5},
        "role": "admin",
        "jti": "1",
    }
    assert verify(sign({**CLAIMS, **person})) == Identity(
        "user-7", "Ann Lee", "ann@example.com", "+86 10-1234", {"plan": "pro", "seats": 5}
    )
    nothing = {"name": None, "email": None, "phone": "", "attributes": None}
    assert verify(sign({**CLAIMS, **nothing})) == Identity("user-7")


def without_signature(claims, **header):
    return jwt.encode(claims, None, "none", headers={"kid": "new", **header})


HEADERS = {"alg": "HS256", "kid": "new"}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="empty"),
        pytest.param(["a"], id="array"),
        pytest.param({"sub": "user-7"}, id="object"),
        pytest.param(b"a.b.c", id="bytes"),
        pytest.param("a.b", id="two parts"),
        pytest.param("ä.b.c", id="not ASCII"),
        pytest.param("\ud800.b.c", id="half a pair"),
        pytest.param(".".join("abc"), id="not base64"),
        pytest.param("A" * (TOKEN_CHARS + 1), id="too long"),
        pytest.param(without_signature(CLAIMS), id="alg none"),
        pytest.param(sign_raw({"alg": "none", "kid": "new"}, CLAIMS), id="alg none, signed"),
        pytest.param(sign_raw({"alg": "None", "kid": "new"}, CLAIMS), id="alg None"),
        pytest.param(sign_raw({"alg": "RS256", "kid": "new"}, CLAIMS), id="HMAC said to be RSA"),
        pytest.param(sign_raw({"alg": "ES256", "kid": "new"}, CLAIMS), id="or of a curve"),
        pytest.param(sign_raw({"alg": ["HS256"], "kid": "new"}, CLAIMS), id="a list of algs"),
        pytest.param(sign_raw({"kid": "new"}, CLAIMS), id="no alg"),
        pytest.param(sign_raw([HEADERS], CLAIMS), id="header a list"),
        pytest.param(sign_raw(b"[" * 9_000, CLAIMS), id="header nested deeply"),
        pytest.param(sign_raw(b"\xff", CLAIMS), id="header no text"),
        pytest.param(sign_raw({**HEADERS, "crit": ["b64"], "b64": True}, CLAIMS), id="critical"),
        pytest.param(sign_raw({**HEADERS, "b64": False}, CLAIMS), id="payload as it is"),
        pytest.param(
            jwt.encode(CLAIMS, "b" * 64, "HS512", headers={"kid": "new"}), id="another HMAC"
        ),
        pytest.param(sign(CLAIMS, STRANGER), id="another secret"),
        pytest.param(sign(CLAIMS, NEW, kid="old"), id="kid of the other key"),
        pytest.param(sign(CLAIMS, NEW, kid="gone"), id="kid of no key"),
        pytest.param(sign(CLAIMS, NEW, kid="../../../dev/null"), id="kid a path"),
        pytest.param(sign(CLAIMS, NEW, kid="new' OR '1'='1"), id="kid SQL"),
        pytest.param(sign(CLAIMS, NEW, kid=""), id="kid empty"),
        pytest.param(sign_raw({"alg": "HS256"}, CLAIMS), id="no kid"),
        pytest.param(sign_raw({"alg": "HS256", "kid": None}, CLAIMS), id="kid null"),
        pytest.param(sign_raw({"alg": "HS256", "kid": 7}, CLAIMS), id="kid a number"),
        pytest.param(sign_raw({"alg": "HS256", "kid": ["new"]}, CLAIMS), id="kid a list"),
        pytest.param(sign(CLAIMS) + "x", id="signature longer"),
        pytest.param(sign(CLAIMS).rpartition(".")[0] + ".", id="signature cut off"),
        pytest.param(sign_raw(HEADERS, b"[" * 9_000), id="claims nested deeply"),
        pytest.param(sign_raw(HEADERS, b"\xff"), id="claims no text"),
        pytest.param(sign_raw(HEADERS, ["user-7"]), id="claims a list"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(token):
    with pytest.raises(Unauthenticated, match=r"^The proof of identity does not hold\.$"):
        verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        *({"exp": None}, {"exp": str(NOW_S + 300)}, {"exp": True}, {"exp": []}),
        *({"aud": None}, {"aud": "wk_other"}, {"aud": ["wk_other"]}, {"aud": []}, {"aud": ""}),
        *({"sub": None}, {"sub": ""}, {"sub": " "}, {"sub": 7}, {"sub": ["user-7"]}),
        *({"sub": "x" * (USER_ID_CHARS + 1)}, {"sub": "a\0"}),
        *({"iat": "now"}, {"nbf": "now"}),
    ],
    ids=str,
)
def test_a_token_without_the_claims_that_make_it_valid_is_refused(changes):
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    with pytest.raises(Unauthenticated):
        verify(sign_raw(HEADERS, claims))


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999", b"9" * 400])
def test_a_time_that_is_no_number_is_refused(number):
    payload = b'{"sub":"user-7","aud":"wk_shop","exp":' + number + b"}"
    with pytest.raises(Unauthenticated):
        verify(sign_raw(HEADERS, payload))


@pytest.mark.parametrize(
    ("claim", "offset_s", "holds"),
    [
        *[("exp", 1, True), ("exp", 0, False), ("exp", -1, False)],
        *[("exp", LIFETIME_S + LEEWAY_S, True), ("exp", LIFETIME_S + LEEWAY_S + 1, False)],
        *[("iat", LEEWAY_S, True), ("iat", LEEWAY_S + 1, False), ("iat", -LIFETIME_S, True)],
        *[("nbf", LEEWAY_S, True), ("nbf", LEEWAY_S + 1, False), ("nbf", -1, True)],
        *[("exp", 0.5, True), ("iat", 60.5, False)],
    ],
)
def test_a_token_holds_for_its_time_only(claim, offset_s, holds):
    token = sign_raw(HEADERS, {**CLAIMS, claim: NOW_S + offset_s})
    if holds:
        assert verify(token).user_id == "user-7"
        return
    with pytest.raises(Unauthenticated):
        verify(token)


def test_a_key_that_is_withdrawn_proves_nothing():
    with pytest.raises(Unauthenticated):
        verify(sign(CLAIMS, OLD), keys=[NEW])
    with pytest.raises(Unauthenticated):
        verify(sign(CLAIMS), keys=[])


def test_a_token_of_one_inbox_does_not_hold_in_another():
    with pytest.raises(Unauthenticated):
        verify(sign(CLAIMS), audience="wk_other")


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        ({"email": "nobody"}, "^email: "),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "^email: "),
        ({"phone": "call me"}, "^phone: "),
        ({"name": 7}, "name"),
        ({"attributes": ["plan"]}, "attributes"),
        ({"attributes": {"plan": {"deep": 1}}}, r"^attributes\.plan: "),
        ({"attributes": {"plan": "x" * (VALUE_CHARS + 1)}}, r"^attributes\.plan: "),
    ],
)
def test_a_fault_in_what_is_said_of_a_person_is_named(claims, fault):
    with pytest.raises(BadInput, match=fault):
        verify(sign({**CLAIMS, **claims}))
    with pytest.raises(Unauthenticated):  # but only to whoever can sign
        verify(sign({**CLAIMS, **claims}, STRANGER))


@given(st.text() | st.none() | st.lists(st.text()), st.data())
def test_nothing_escapes_but_a_refusal(token, data):
    with pytest.raises(Unauthenticated):
        verify(token)
    cut = data.draw(st.integers(0, 60))
    with pytest.raises(Unauthenticated):
        verify(sign(CLAIMS)[:cut] + str(token))


@pytest.mark.parametrize("key", [OLD, NEW])
@pytest.mark.parametrize("user_id", ["user-7", "用户7", "x" * USER_ID_CHARS])
def test_a_hash_by_a_live_key_proves_the_identity(key, user_id):
    digest = hmac.new(key.secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    assert verify_hash(user_id, digest, keys=[OLD, NEW]) == Identity(user_id)


GOOD = hash_user_id("user-7", NEW)


@pytest.mark.parametrize(
    "digest",
    [
        *(None, "", [], [GOOD], {}, 0, True, GOOD.encode(), GOOD.upper(), GOOD[:-1], GOOD + "0"),
        *(f" {GOOD}", f"{GOOD}\n", "ä" * 64, "\ud800", "0" * 64, hash_user_id("user-8", NEW)),
        *(hash_user_id("user-7", STRANGER), hash_user_id("USER-7", NEW)),
        hashlib.sha256(b"user-7").hexdigest(),
    ],
)
def test_a_hash_that_proves_nothing_is_refused(digest):
    with pytest.raises(Unauthenticated, match=r"^The proof of identity does not hold\.$"):
        verify_hash("user-7", digest, keys=[OLD, NEW])


@pytest.mark.parametrize("user_id", [None, "", " ", 7, ["user-7"], {}, "x" * 201, "a\0", "\ud800"])
def test_a_hash_of_no_user_id_is_refused(user_id):
    text = user_id if isinstance(user_id, str) else json.dumps(user_id)
    digest = hmac.digest(NEW.secret.encode(), text.encode(errors="replace"), "sha256").hex()
    with pytest.raises(Unauthenticated):
        verify_hash(user_id, digest, keys=[NEW])


def test_without_keys_no_hash_holds():
    with pytest.raises(Unauthenticated):
        verify_hash("user-7", GOOD, keys=[])


def test_a_key_is_long_and_does_not_show_its_secret():
    assert NEW.secret not in f"{NEW} {NEW!r} {[NEW]}"
    with pytest.raises(ValueError, match="32"):
        Key("short", "a" * 31)


def test_the_audience_may_be_a_list_that_holds_the_key():
    assert verify(sign({**CLAIMS, "aud": ["wk_other", "wk_shop"]})).user_id == "user-7"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "wk_other"}, "aud"),
        ({"exp": NOW_S}, "exp: it is over"),
        ({"exp": NOW_S + 200_000}, "exp: more than a day ahead"),
        ({"nbf": NOW_S + 1_000}, "nbf"),
        ({"sub": 7}, "sub"),
    ],
)
def test_why_a_proof_does_not_hold_is_kept_for_the_log_and_not_told(changed, why):
    with pytest.raises(Unproved) as refused:
        verify(sign({**CLAIMS, **changed}))
    assert refused.value.why.startswith(why)
    assert why not in str(refused.value)
    with pytest.raises(Unproved, match="does not hold") as refused:
        verify(sign(CLAIMS), keys=[])
    assert refused.value.why.startswith("kid")
