"""``GET /health`` and ``/api/v1``.

Rules: an error is ``{"error": {"code", "message"}}`` with the code of ``core.errors`` and its HTTP
status from ``STATUS``. Only bearer tokens count, never cookies. Without a token, stored
conversations can be read in a demo, from the machine itself, under a loopback host name: a foreign
page that makes a browser ask gets nothing (no CORS here, and a name that was re-bound to loopback
is not a loopback name).
Not here: what may be done (``actions``), the tutorials' HTTP (``gateways.rooms``,
``transport.engineio``).
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

import kefu
from kefu.actions.context import Context
from kefu.core.actors import Standing
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
from kefu.core.names import MAX_NAME_CHARS

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
}
# What a Host of this machine can look like (RFC 9110, section 7.2).
_HOST = re.compile(r"(?P<name>localhost|[0-9.]+|\[[0-9a-fA-F:.]+\])(:[0-9]+)?")
# SQLite and PostgreSQL both keep 64-bit ids and 32-bit numbers of messages.
_Id = Annotated[int, Query(ge=0, lt=2**63)]
_Seq = Annotated[int, Query(ge=0, lt=2**31)]
_Limit = Annotated[int, Query(ge=1, le=200)]


def standing(request: Request) -> Standing:
    """Who asks, as far as the request proves it."""
    state = request.app.state
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        # Every token is compared, so that the time tells nothing about which is near.
        given = token.strip().encode()
        same = [hmac.compare_digest(secret, given) for secret in state.secrets]
        return Standing.AGENT if any(same) else Standing.ANYONE
    return Standing.LOCAL if state.demo and _is_local(request) else Standing.ANYONE


_Actor = Annotated[Standing, Depends(standing)]


def _context(request: Request) -> Context:
    ctx: Context = request.app.state.ctx
    return ctx


_Context = Annotated[Context, Depends(_context)]
_Name = Annotated[str | None, Query(alias="with", max_length=8 * MAX_NAME_CHARS)]

health_check = APIRouter()
api = APIRouter(prefix="/api/v1")


@health_check.get("/health")
async def health() -> dict[str, str]:
    """Whether the server answers."""
    return {"status": "ok", "version": kefu.__version__}


@api.get("/limits")
async def limits(ctx: _Context) -> dict[str, Any]:
    """Every limit, in the unit of its name."""
    return {**msgspec.structs.asdict(ctx.limits), "name_chars": MAX_NAME_CHARS}


def install(http: FastAPI, ctx: Context, *, demo: bool, tokens: Iterable[str]) -> None:
    """Add the routes and the form of errors to ``http``."""
    http.state.ctx = ctx
    http.state.demo = demo
    http.state.secrets = [token.encode() for token in tokens]
    http.include_router(health_check)
    http.include_router(api)

    @http.exception_handler(ChatError)
    async def refused(request: Request, error: ChatError) -> JSONResponse:
        return _answer(STATUS[error.code], error.code, str(error))

    @http.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        if not request.url.path.startswith("/api/"):
            return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)
        code = NotFound.code if error.status_code == 404 else BadInput.code
        return _answer(error.status_code, code, str(error.detail))

    @http.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors())
        return _answer(422, BadInput.code, faults)


def _answer(status: int, code: str, message: str) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def _is_local(request: Request) -> bool:
    """Whether a browser or script on this very machine asks, under this machine's own name."""
    client = request.client.host if request.client else ""
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    # Not ``request.url``: for a Host that is malformed it has our own address in its place.
    host = _HOST.fullmatch(request.headers.get("host", ""))
    asked = host["name"].strip("[]") if host else ""
    return not forwarded and _is_loopback(client) and _is_loopback(asked)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
