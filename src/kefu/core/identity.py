"""A visitor's proof of who they are on the site that they come from.

Rules: the site signs with a secret of the inbox, on its server, in one of two ways. A token is a
JWT (RFC 7519): HS256 and nothing else; ``kid`` names one of the inbox's live keys (two, so that one
can be changed without a break); ``aud`` is the inbox's widget key, which stands in the site's
snippet, or a list that holds it; ``sub`` is the site's own id of the person; ``exp`` is at most a
day ahead. A hash is the HMAC-SHA256 of that id in lower-case hex; it never ends, so a token is
better. Whatever is wrong with a proof, the answer is the same; ``Unproved.why`` is for the log.
Only after the signature held are the claims about the person (``name``, ``email``, ``phone``,
``attributes``) read, and faults in them told by name.
Not here: whether an inbox asks for a proof, and which contact it leads to (``actions``); where the
keys come from. Time is an argument, so PyJWT checks the signature and this module the times.
Source: RFC 7519; RFC 8725 for what to refuse.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Annotated

import jwt
import msgspec
from msgspec import Meta

from kefu.core.addresses import clean_email, clean_phone
from kefu.core.attributes import Scalar, check_attributes
from kefu.core.display import clean_display_name
from kefu.core.errors import BadInput, Unauthenticated
from kefu.core.text import is_storable

LIVE_KEYS = 2  # of an inbox
SECRET_CHARS = 32  # at least: a key as long as the hash (RFC 7518, section 3.2)
USER_ID_CHARS = 200
NAME_CHARS = 100
TOKEN_CHARS = 16_384
LIFETIME_S = 86_400
LEEWAY_S = 60  # by how much the site's clock may be ahead of ours

_REFUSED = "The proof of identity does not hold."

_SIGNATURES = jwt.PyJWS(algorithms=["HS256"])


class Key(msgspec.Struct, frozen=True):
    """A secret that a site signs with. ``id`` is the token's ``kid``; ``secret`` is used as it is
    written, in UTF-8.
    """

    id: str
    secret: str

    def __post_init__(self) -> None:
        """Raises ValueError: too short to be safe."""
        if len(self.secret) < SECRET_CHARS:
            raise ValueError(f"a secret has at least {SECRET_CHARS} characters")

    def __repr__(self) -> str:
        return f"Key(id={self.id!r})"  # a secret is for no log


class Identity(msgspec.Struct, frozen=True):
    """Whom a site vouches for. None and {}: it says nothing about that."""

    user_id: str  # the site's own
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: dict[str, Scalar] = {}


class Unproved(Unauthenticated):
    """A proof of identity that does not hold. ``why``: for the site's operator, not for whoever
    sent it; nothing secret.
    """

    def __init__(self, why: str) -> None:
        super().__init__(_REFUSED)
        self.why = why


class _Proof(msgspec.Struct, frozen=True):
    """The claims that make a token valid. Times are Unix seconds."""

    sub: Annotated[str, Meta(min_length=1, max_length=USER_ID_CHARS)]
    aud: str | list[str]
    exp: int | float
    iat: int | float = 0
    nbf: int | float = 0


class _Person(msgspec.Struct, frozen=True):
    """The claims about who was proved."""

    name: Annotated[str, Meta(max_length=1_000)] | None = None
    email: str | None = None
    phone: str | None = None
    attributes: dict[str, object] | None = None


def verify_token(token: object, *, keys: Iterable[Key], audience: str, now_ms: int) -> Identity:
    """The identity that ``token`` proves to the inbox whose widget key is ``audience``.

    Raises Unauthenticated: it proves nothing; BadInput: it holds, but a claim about the person
    cannot be kept.
    """
    payload = _signed_payload(token, keys)
    try:
        proof = msgspec.json.decode(payload, type=_Proof)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unproved("sub, aud or exp is missing or of another type") from None
    now_s = now_ms / 1000
    ahead_s = now_s + LEEWAY_S
    named = [proof.aud] if isinstance(proof.aud, str) else proof.aud
    for wrong, why in (
        (now_s >= proof.exp, "exp: it is over"),
        (proof.exp > ahead_s + LIFETIME_S, "exp: more than a day ahead"),
        (proof.iat > ahead_s, "iat: it is in the future"),
        (proof.nbf > ahead_s, "nbf: it is in the future"),
        (audience not in named, "aud: not the inbox's widget key"),
    ):
        if wrong:
            raise Unproved(why)
    return _identity(_checked_user_id(proof.sub), payload)


def verify_hash(user_id: object, digest: object, *, keys: Iterable[Key]) -> Identity:
    """The identity that ``digest`` proves. Raises Unauthenticated."""
    name = _checked_user_id(user_id)
    if not isinstance(digest, str) or not digest.isascii():
        raise Unproved("hash: no text")
    matches = [hmac.compare_digest(hash_user_id(name, key), digest) for key in keys]
    if not any(matches):  # only now: the time says nothing of which key
        raise Unproved("hash: not that of this user_id under a key of the inbox")
    return Identity(name)


def hash_user_id(user_id: str, key: Key) -> str:
    """What a site computes for ``verify_hash``: 64 hexadecimal digits in lower case."""
    return hmac.digest(key.secret.encode(), user_id.encode(), "sha256").hex()


def _signed_payload(token: object, keys: Iterable[Key]) -> bytes:
    if not isinstance(token, str) or len(token) > TOKEN_CHARS or not token.isascii():
        raise Unproved("jwt: no token")
    try:
        header = _SIGNATURES.get_unverified_header(token)
        kid = header.get("kid")
        secret = next((key.secret for key in keys if key.id == kid), None)
        if secret is None:
            raise Unproved("kid: no key of the inbox has this name")
        if "crit" in header:  # an extension that must be understood: none is
            raise Unproved("crit: not known")
        payload: bytes = _SIGNATURES.decode(token, secret, algorithms=["HS256"])
    except (jwt.PyJWTError, RecursionError):  # the latter: a header nested too deeply
        raise Unproved("signature: not HS256 by this key") from None
    return payload


def _checked_user_id(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip() or len(raw) > USER_ID_CHARS:
        raise Unproved("sub or user_id: blank, too long or no text")
    if not is_storable(raw):
        raise Unproved("sub or user_id: has characters that cannot be kept")
    return raw


def _identity(user_id: str, payload: bytes) -> Identity:
    try:
        person = msgspec.json.decode(payload, type=_Person)
    except msgspec.ValidationError as error:
        raise BadInput(f"identity: {error}") from None
    return Identity(
        user_id,
        name=clean_display_name(person.name or "", NAME_CHARS) or None,
        email=clean_email(person.email) if person.email else None,
        phone=clean_phone(person.phone) if person.phone else None,
        attributes=check_attributes(person.attributes or {}),
    )
