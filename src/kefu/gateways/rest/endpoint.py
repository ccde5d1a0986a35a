"""``/api/v1``: every command of the catalogue as a request, and what only HTTP has.

Rules: made of ``actions.catalogue.COMMANDS``: path, query and body are the command's form, the
answer is its answer. Nothing is read of a body before it is known who asks, that they may ask this
at all, and that it is not too often. An answer has links to the files that it holds. A gateway
decides nothing: ``may`` does, in the actions.
Not here: the tutorials' HTTP (``gateways.rooms``, ``transport.engineio``), uploads and downloads
(``files``), the description (``openapi``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kefu.actions.carrying import carry_out, check_caller, repeat_of
from kefu.actions.catalogue import COMMANDS
from kefu.actions.commands import Command, read_form
from kefu.actions.context import Call, Context
from kefu.actions.files import with_links
from kefu.core.errors import BadInput, ChatError, NotFound, TooLarge
from kefu.gateways.rest.authentication import Authentication
from kefu.gateways.rest.codec import field_types, fields_of, read_body
from kefu.gateways.rest.cookies import keep_session
from kefu.gateways.rest.cors import Sites, let_read
from kefu.gateways.rest.errors import WrongMethod, refusal
from kefu.gateways.rest.routing import Routes
from kefu.transport.content import compress

Handler = Callable[[Request, dict[str, str]], Awaitable[Response]]

PREFIX = "/api/v1"

_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_WIDGET_KEY = "widget_key"  # in a path: of the inbox whose own pages may read the answer
_BODILESS = ("GET", "DELETE")
_STRANGERS_BYTES = 16_384  # of a body that anybody may send: a login is small


class Rest:
    """The ASGI application of ``/api``."""

    def __init__(self, ctx: Context, authentication: Authentication) -> None:
        self._ctx = ctx
        self._authentication = authentication
        self._sites = Sites(ctx)
        self._routes: Routes[Handler] = Routes()
        self._for_pages: set[Handler] = set()
        self.others: dict[str, dict[str, Any]] = {}  # operations that are no commands, by path
        for command in COMMANDS:
            handler = _handler(self, command)
            self.add(command.method, command.path, handler, pages=_is_for_pages(command))

    def add(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        pages: bool = False,
        described: Mapping[str, Any] | None = None,
    ) -> None:
        """Serve one more path below ``/api/v1``; ``handler`` gets the path's fields.

        ``pages``: an inbox's own sites may use it from their pages. ``described``: the OpenAPI
        operation of one that is no command.
        """
        self._routes.add(method, PREFIX + path, handler)
        if described is not None:
            self.others.setdefault(PREFIX + path, {})[method.lower()] = dict(described)
        if pages:
            self._for_pages.add(handler)

    def wrap(self, method: str, path: str, around: Callable[[Handler], Handler]) -> None:
        """Put what ``around`` makes of the handler of this path into its place."""
        before = self._routes.take(method, PREFIX + path)
        self.add(method, path, around(before), pages=before in self._for_pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
            if _may_be_read(request):
                let_read(request, response)
        except ChatError as error:
            response = refusal(error)
            await self._let_refusal_be_read(request, response)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def call_of(self, request: Request, *, anyone: bool = False) -> Call:
        """Who asks, and from where; it is counted. To be called before a body is read.

        ``anyone``: a proof that does not hold is no proof.
        Raises Unauthenticated, NotAllowed, TooMany, Unavailable.
        """
        call = await self._authentication.call(request, anyone=anyone)
        if request.state.for_pages:
            request.state.may_be_read = await self._sites.may_read(call.actor, request)
        call.count_command()
        return call

    async def let_own_sites_read(self, request: Request, widget_key: str) -> None:
        """Let the page that asks read the answer if it is of the inbox that it asks about."""
        request.state.may_be_read = await self._sites.knows_of(request, widget_key)

    async def _answer(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("ascii", "replace")
        method = "GET" if request.method == "HEAD" else request.method
        if found := self._routes.find(method, path):
            request.state.for_pages = found.handler in self._for_pages
            return await found.handler(request, found.fields)
        methods = self._routes.methods(path)
        if not methods:
            raise NotFound("There is nothing under this path.")
        if method == "OPTIONS":
            return await self._preflight(request, path, methods)
        raise WrongMethod([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])

    async def _preflight(self, request: Request, path: str, methods: list[str]) -> Response:
        found = (self._routes.find(method, path) for method in methods)
        for_pages = [one for one in found if one and one.handler in self._for_pages]
        return await self._sites.preflight(request, methods if for_pages else [])

    async def _let_refusal_be_read(self, request: Request, response: Response) -> None:
        if not getattr(request.state, "for_pages", False):
            return
        try:
            if _may_be_read(request) or await self._sites.knows(request):
                let_read(request, response)
        except ChatError:
            return  # the store cannot be asked: then the page sees that it cannot read the answer


def as_json(value: object, status: int = 200) -> Response:
    """``value`` as an answer."""
    return Response(msgspec.json.encode(value), status, None, "application/json")


def as_copy(request: Request, response: Response, fresh_s: int) -> Response:
    """``response`` so that browsers keep it for a while, or that the client has it already.

    Its tag is weak: the same answer may come in several codings. Which page may read it depends on
    who asks, so a copy is one page's.
    """
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    known = ",".join(request.headers.getlist("if-none-match"))
    if tag.removeprefix("W/") in known or known.strip() == "*":
        response = Response(None, 304)
    response.headers["etag"] = tag
    response.headers["cache-control"] = f"public, max-age={fresh_s}"
    response.headers.add_vary_header("Origin")
    return response


def check_announced(request: Request, most_bytes: int) -> None:
    """Raise TooLarge if the body is said to be larger, before any of it is read."""
    announced = request.headers.get("content-length", "").lstrip("0")
    if len(announced) > len(str(most_bytes)) or int(announced or 0) > most_bytes:
        raise TooLarge


async def read_all(request: Request, most_bytes: int) -> bytes:
    """The body. Raises TooLarge, as soon as that is known."""
    check_announced(request, most_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge
    return bytes(body)


def _handler(rest: Rest, command: Command) -> Handler:
    """What carries ``command`` out for a request."""

    async def handle(request: Request, path: dict[str, str]) -> Response:
        anyone = command.who == "anyone"
        call = await rest.call_of(request, anyone=anyone)
        if _WIDGET_KEY in path:
            await rest.let_own_sites_read(request, path[_WIDGET_KEY])
        check_caller(call, command)
        ctx, fields = call.ctx, None
        if command.method not in _BODILESS:
            most_bytes = ctx.limits.request_bytes
            if anyone:
                most_bytes = min(most_bytes, _STRANGERS_BYTES)
            body = await read_all(request, most_bytes)
            fields = read_body(body, request.headers.get("content-type"))
        query = request.scope["query_string"].decode("ascii", "replace")
        given = fields_of(command, path, query, fields)
        key = _repeat_key(request) if command.changes else None
        if key and "client_id" in field_types(command.form):
            given.setdefault("client_id", key)
        form = read_form(command, given)
        if key:
            call = replace(call, repeat=repeat_of(command, form, key))
        answer = await carry_out(call, command, form)
        response = as_json(with_links(call, answer), command.status)
        keep_session(request, command.act, answer, response)
        if command.fresh_s:
            response = as_copy(request, response, command.fresh_s)
        if command.compressed:
            await compress(request, response)
        return response

    return handle


def _is_for_pages(command: Command) -> bool:
    return command.who != "agent" and not command.secret


def _repeat_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadInput("Idempotency-Key: 1 to 100 visible ASCII characters, please.")
    return key


def _may_be_read(request: Request) -> bool:
    return getattr(request.state, "may_be_read", False)
