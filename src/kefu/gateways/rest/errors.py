"""Refusals over HTTP: ``{"error": {"code", "message", "retry_ms"?}}``.

Rules: the code is that of ``core.errors``, and ``STATUS`` has one for each. What HTTP itself
refuses (a path, a method, a media type) is told in the same form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import msgspec
from starlette.responses import Response

from kefu.core.errors import (
    BadInput,
    BadName,
    ChatError,
    Conflict,
    Expired,
    IllegalState,
    NameTaken,
    NotAllowed,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from kefu.core.urls import UnsafeUrl

STATUS: dict[str, int] = {
    BadInput.code: 422,
    BadName.code: 422,
    NameTaken.code: 409,
    NotAllowed.code: 403,
    NotFound.code: 404,
    Conflict.code: 409,
    TooMany.code: 429,
    Unavailable.code: 503,
    Unauthenticated.code: 401,
    IllegalState.code: 409,
    Expired.code: 410,
    TooLarge.code: 413,
    UnsafeUrl.code: 422,
}
RETRY_S = 1.0  # when nothing better is known


class WrongMethod(BadInput):
    """This path has other methods."""

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.allowed = tuple(allowed)


class NotUpgraded(BadInput):
    """This is a WebSocket, and what arrived is no request for one: if a browser sent one, the proxy
    in front has taken its Upgrade header away."""


class WrongType(BadInput):
    """The body is not of a type that is taken here."""


def status_of(error: ChatError) -> int:
    """The HTTP status of a refusal."""
    if isinstance(error, WrongMethod):
        return 405
    if isinstance(error, NotUpgraded):
        return 426
    return 415 if isinstance(error, WrongType) else STATUS[error.code]


def body_of(error: ChatError) -> dict[str, object]:
    """A refusal as JSON values."""
    said: dict[str, object] = {"code": error.code, "message": str(error)}
    if retry_s := _retry_s(error):
        said["retry_ms"] = math.ceil(retry_s * 1000)
    return {"error": said}


def refusal(error: ChatError) -> Response:
    """A refusal as an answer."""
    body = msgspec.json.encode(body_of(error))
    return Response(body, status_of(error), headers_of(error), "application/json")


def headers_of(error: ChatError) -> Mapping[str, str]:
    """What a refusal's status asks for."""
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, WrongMethod):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, NotUpgraded):
        return {"Upgrade": "websocket", "Connection": "Upgrade"}
    retry_s = _retry_s(error)
    return {"Retry-After": str(math.ceil(retry_s))} if retry_s else {}


def _retry_s(error: ChatError) -> float:
    if isinstance(error, TooMany):
        return error.retry_s or RETRY_S
    return RETRY_S if isinstance(error, Unavailable) else 0.0
