"""The frames of ``kefu.v1``: what clients send, what they are sent, how a connection ends.

Rules: pure. A frame is one JSON object; every one is described in docs/protocol/realtime.md and
has a fixture (docs/protocol/fixtures/realtime). An event's JSON is the same for all of one
audience, so it is made once; WebSocket and the event stream wrap the same JSON.
Not here: what commands do (``actions``), sockets (``socket``), streams (``http``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from kefu.actions.commands import check_json, check_values
from kefu.actions.following import OpenConversation, OpenFeed
from kefu.actions.forms import Form, Id
from kefu.core.actors import Agent, Visitor
from kefu.core.desk import Value
from kefu.core.endings import Ending
from kefu.core.errors import (
    BadInput,
    ChatError,
    ForeignPage,
    NotAllowed,
    TooMany,
    Unauthenticated,
)
from kefu.core.limits import Limits

SUBPROTOCOL = "kefu.v1"
HEARTBEAT_S = 20.0
MOST_ID = 2**53  # JSON is exact to here
HELLO_CHARS = 2_048  # of the first frame

F = TypeVar("F", bound=Form)

_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class _Numbered(msgspec.Struct):
    """A frame's number; all else is passed over, and nothing made of it."""

    id: int | float


_decode_number = msgspec.json.Decoder(_Numbered).decode


class CloseCode(IntEnum):
    """Why the server ends a connection; the hundred says what the client does next."""

    # 4000 – 4099: it does not come back.
    PROTOCOL = 4000  # what arrived is no frame of this protocol
    REFUSED = 4001  # blocked, or deactivated
    FOREIGN_PAGE = 4003  # the page is not one of those that may use the inbox
    TOO_MANY = 4029  # far more than the limits allow
    # 4100 – 4199: it comes back with a fresh token.
    UNAUTHENTICATED = 4100  # no hello in time, or one whose token does not hold
    REVOKED = 4101  # what it was let in by has ended
    CHANGED = 4102  # the same token is somebody else's, or may other things, from now on
    # 4200 – 4299: it comes back later, each time after a longer while.
    SLOW = 4200  # it reads too slowly
    BUSY = 4201  # too many connections of one agent or visitor, or the store is away
    # Of WebSocket itself: as 4200.
    FAULT = 1011
    RESTART = 1012


ENDED: dict[str, CloseCode] = {
    Ending.LOGGED_OUT: CloseCode.REVOKED,
    Ending.PASSWORD_CHANGED: CloseCode.REVOKED,
    Ending.TOKEN_REVOKED: CloseCode.REVOKED,
    Ending.EXPIRED: CloseCode.REVOKED,
    Ending.DEACTIVATED: CloseCode.REFUSED,
    Ending.BLOCKED: CloseCode.REFUSED,
    Ending.ACCESS_CHANGED: CloseCode.CHANGED,
    Ending.IDENTITY_CHANGED: CloseCode.CHANGED,
}


class NoFrame(Exception):
    """What arrived cannot be answered, for want of an id: the connection ends."""


class Hello(Form, frozen=True):
    """Say who you are: the first frame.

    ``token``: of a session, an API token, a visitor's device; left out, the session of the cookie.
    ``widget``: the inbox's widget key, for visitors.
    """

    token: Annotated[str, Meta(max_length=200)] | None = None
    widget: Annotated[str, Meta(max_length=200)] | None = None


class CloseConversation(Form, frozen=True):
    """Follow a conversation no more."""

    conversation: Id


class CloseFeed(Form, frozen=True):
    """Follow everything no more."""


class Ping(Form, frozen=True):
    """Nothing: to see whether the server answers."""


# Commands that are about the connection itself; all others are those of ``actions.catalogue``.
OWN: dict[str, type[Form]] = {
    "hello": Hello,
    "conversation.open": OpenConversation,
    "conversation.close": CloseConversation,
    "feed.open": OpenFeed,
    "feed.close": CloseFeed,
    "ping": Ping,
}


class Ask(NamedTuple):
    """One frame of a client. ``key``: of a command that may be repeated."""

    id: int
    do: str
    key: str | None
    fields: dict[str, Any]


class Who(Value, frozen=True):
    """Who the server takes a connection for. ``role``: visitor, or of an agent."""

    role: str
    id: int  # 0: a visitor who has not written yet
    name: str = ""
    inboxes: tuple[int, ...] = ()  # an agent's; an admin sees all
    verified: bool = False  # a visitor whom the site vouched for


class Server(Value, frozen=True):
    """What a client should know of the server."""

    version: str
    heartbeat_s: float
    limits: Limits


class Welcome(Value, frozen=True):
    """The answer to hello."""

    actor: Who
    server: Server


class Error(Value, frozen=True):
    """A refusal. ``retry_ms``: when to try again."""

    code: str
    message: str
    retry_ms: int | None = None


class _Answer(msgspec.Struct, frozen=True):
    re: int
    ok: Any


class _Refusal(msgspec.Struct, frozen=True):
    re: int
    error: Error


class _Heartbeat(msgspec.Struct, frozen=True, omit_defaults=True):
    heads: dict[int, int]
    cursor: str | None = None


def decode(text: str) -> Ask:
    """Read a client's frame.

    Raises BadFrame: it can be answered, but not carried out; NoFrame: it cannot even be answered.
    """
    try:
        check_json(text.encode())
    except BadInput as fault:
        raise BadFrame(id_of(text), str(fault)) from None
    try:
        fields = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise BadFrame(_id_of(_salvage(text)), "The frame is not JSON.") from None
    id = _id_of(fields)
    do, key = fields.pop("do", None), fields.pop("key", None)
    del fields["id"]
    if not isinstance(do, str):
        raise BadFrame(id, "do: the name of a command is needed.")
    if key is not None and not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise BadFrame(id, "key: 1 to 100 visible ASCII characters, please.")
    return Ask(id, do, key, fields)


def id_of(text: str) -> int:
    """The number of a frame that is not to be read. Raises NoFrame: it has none, or is no JSON."""
    try:
        return _checked_id(_decode_number(text).id)
    except (msgspec.DecodeError, RecursionError):
        raise NoFrame from None


class BadFrame(BadInput):
    """A frame that can be answered, but not carried out."""

    def __init__(self, id: int, detail: str) -> None:
        super().__init__(detail)
        self.id = id


def form(ask: Ask, kind: type[F]) -> F:
    """The fields of a command of the connection's own. Raises BadInput."""
    check_values(ask.fields)
    try:
        return msgspec.convert(ask.fields, kind)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from None


def not_let_in(refusal: ChatError) -> CloseCode:
    """How a connection ends whose hello is refused."""
    match refusal:
        case BadInput():
            return CloseCode.PROTOCOL
        case Unauthenticated():
            return CloseCode.UNAUTHENTICATED
        case ForeignPage():
            return CloseCode.FOREIGN_PAGE
        case NotAllowed():
            return CloseCode.REFUSED
    return CloseCode.BUSY  # the store is away, or there is too much of something


def answer(id: int, ok: object) -> bytes:
    """The JSON of an answer."""
    return _encode(_Answer(id, ok))


def refusal(id: int, error: ChatError) -> bytes:
    """The JSON of a refusal."""
    return _encode(_Refusal(id, error_of(error)))


def error_of(error: ChatError) -> Error:
    """What a client is told of a refusal."""
    wait_s = error.retry_s if isinstance(error, TooMany) else 0.0
    return Error(error.code, str(error), math.ceil(wait_s * 1000) or None)


def event(value: msgspec.Struct) -> bytes:
    """The JSON of an event, whose ``on`` is among its fields."""
    return _encode(value)


def signal(value: msgspec.Struct, on: str) -> bytes:
    """The JSON of a signal."""
    fields = _encode(value)
    rest = b"}" if fields == b"{}" else b"," + fields[1:]  # all may have their defaults
    return b'{"on":"%s"%s' % (on.encode(), rest)


def heartbeat(heads: Mapping[int, int], cursor: str | None) -> bytes:
    """The JSON of a heartbeat: the newest numbers of what is open, and the feed's cursor."""
    return signal(_Heartbeat(dict(heads), cursor), "heartbeat")


def welcome(actor: Agent | Visitor, version: str, limits: Limits) -> Welcome:
    """The answer to whoever was let in."""
    if isinstance(actor, Agent):
        inboxes = tuple(sorted(actor.inboxes))
        who = Who(role=actor.role, id=actor.id, name=actor.name, inboxes=inboxes)
    else:
        who = Who("visitor", actor.contact_id, actor.name, verified=actor.verified)
    return Welcome(actor=who, server=Server(version, HEARTBEAT_S, limits))


def _id_of(fields: object) -> int:
    """The frame's own number. Raises NoFrame."""
    return _checked_id(fields.get("id") if isinstance(fields, dict) else None)


def _checked_id(id: object) -> int:
    if type(id) is not int or not 0 < id < MOST_ID:
        raise NoFrame
    return id


def _salvage(text: str) -> object:
    """As much as can be had of JSON that not every reader takes, e.g. with half a character."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
