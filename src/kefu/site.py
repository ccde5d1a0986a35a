"""The HTTP side of one server: pages, the tutorials' HTTP, ``/health``, ``/ready`` and ``/api/v1``.

Rules: every response carries the security headers; pages come from ``pages/`` (built from
``web/``) and need no inline script or style. A page of a protocol that is off is not there. Nothing
can be put into a frame but the widget's document, and that on its inbox's sites alone, and by our
own pages the one to try it on.
Not here: WebSocket (``app``), what routes do (``gateways``), the headers of the widget's document
(``widget.document``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kefu import __version__
from kefu.actions.context import Call, Context
from kefu.config import Settings
from kefu.core.actors import Standing
from kefu.core.errors import ChatError
from kefu.core.inbox import Inbox
from kefu.core.text import is_storable
from kefu.demo.door import add_door
from kefu.files.images import PREVIEW_TYPE
from kefu.gateways.licences import python_packages
from kefu.gateways.realtime.endpoint import Realtime
from kefu.gateways.realtime.http import with_streams
from kefu.gateways.rest import build_rest, health, readiness
from kefu.gateways.rest.pages import language_of, missing_page
from kefu.gateways.rooms.endpoint import Rooms
from kefu.net.clients import Proxies, address_in
from kefu.profile.avatars import read_avatar
from kefu.storage.inboxes import find_by_widget_key
from kefu.transport.content import Content, read_folder
from kefu.transport.socketio import SocketIOServer
from kefu.widget import document
from kefu.widget.config import MOST_KEY_CHARS
from kefu.widget.loaders import PANEL, Loader, panels, released
from kefu.widget.logo import read_logo

PAGES = Path(__file__).parent / "pages"
# Pages by their addresses; what the page of a one-time link is about stands in its address.
ACCOUNT = "account.html"
TRY = "try.html"
NAMED_PAGES = {
    "/setup": ACCOUNT,
    "/join": ACCOUNT,
    "/reset": ACCOUNT,
    "/licenses": "licenses.html",
    "/try/{widget_key}": TRY,
}
# The demo's shop: a page for each of its addresses, in a folder of theirs.
SHOP_PAGES = {"/shop": "shop.html", "/shop/{name}": "shop/{name}.html"}
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",  # pages say otherwise
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


# What other sites' pages may load, so that it is theirs to use: the client library (docs/client.md)
# and the widget's loader. ``*``: a page that names a script by its hash asks with CORS.
CLIENT = f"client-{__version__}.js"
LOADER = "kefu.js"
FOR_COEP = {"cross-origin-resource-policy": "cross-origin"}
FOR_OTHER_SITES = {"access-control-allow-origin": "*", **FOR_COEP}
FOR_EVER = "public, max-age=31536000, immutable"

LOGO_HEADERS = {
    "cache-control": FOR_EVER,
    "content-security-policy": "sandbox; default-src 'none'",
    **FOR_COEP,
}

DOCUMENT = "widget.html"
CONSOLE = "console.html"
# One static page for each of its addresses; what they show it asks for as whoever is signed in. The
# page of one-time links is made of the same parts. Nothing of them makes markup of a text, and
# nothing may (Trusted Types). blob: what is to be sent.
CONSOLE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), display-capture=(), "
    "midi=(), payment=(), usb=()",
}

# A page to try an inbox's chat on, which the console shows in a frame.
TRY_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": SECURITY_HEADERS["content-security-policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
}
OWN_HEADERS = {CONSOLE: CONSOLE_HEADERS, ACCOUNT: CONSOLE_HEADERS, TRY: TRY_HEADERS}

NOT_BUILT = "The pages are not built: run `make install`, then start Kefu again."


def are_pages_built() -> bool:
    """Whether there is anything to show in a browser; the API needs none of it."""
    return (PAGES / "index.html").is_file()


_read_once = cache(read_folder)


class _Pages:
    """The built pages, without those that are ``off``, by file or by folder.

    They may be kept, but are asked for. They are read once, so an upgrade beneath a running server
    mixes nothing.
    """

    def __init__(self, off: frozenset[str]) -> None:
        self._built = are_pages_built()
        files = _read_once(PAGES) if self._built else {}
        self._files = {
            name: file for name, file in files.items() if not off & {name, name.split("/")[0]}
        }
        self._missing = self._files.pop("missing.html", None)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    async def failed(self, request: Request, error: Exception) -> Response:
        """What pages and the tutorials' HTTP say of a path or a method that is not there."""
        assert isinstance(error, HTTPException)  # noqa: S101 - that is what this is for
        headers = {"Vary": "Accept, Accept-Language", **(error.headers or {})}
        if "text/html" not in request.headers.get("accept", "") or error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", error.status_code, headers)
        if self._missing:
            return self._missing.answer(request, headers, 404)
        language = language_of(request.headers.get("accept-language", ""))
        return HTMLResponse(missing_page(language, error.detail), 404, headers)

    def route(self, name: str = "") -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that answers with the page of this name, or of the request's ``path``.

        A name may have the path's parameters in it.
        """

        async def page(request: Request) -> Response:
            told = request.path_params
            return self._answer(request, name.format(**told) or told["path"] or "index.html")

        return page

    def _answer(self, request: Request, name: str) -> Response:
        if not self._built:
            raise HTTPException(404, NOT_BUILT)
        if name not in self._files:
            raise HTTPException(404)
        if headers := OWN_HEADERS.get(name):
            return self._files[name].answer(request, headers)
        # Vite puts a hash of the content into those names. The client's has a version, which a
        # checkout keeps while its content goes on.
        fixed = name.startswith("assets/")
        is_panel = PANEL.fullmatch(name) is not None
        fixed |= is_panel
        others = is_panel or name in (CLIENT, LOADER)
        more = FOR_OTHER_SITES if others else FOR_COEP if fixed else {}
        cache = FOR_EVER if fixed else "no-cache"
        return self._files[name].answer(request, {"cache-control": cache, **more})

    def document(self, request: Request, headers: Mapping[str, str], status: int = 200) -> Response:
        """The widget's document under ``headers``."""
        if DOCUMENT not in self._files:
            raise HTTPException(404, NOT_BUILT)
        # What the inbox's settings say holds at once, also for who has the body.
        policy = headers[document.POLICY]
        return self._files[DOCUMENT].answer(request, headers, status, under=policy)


class _Widget:
    """The widget's document, under the headers of the inbox that its address names."""

    def __init__(self, pages: _Pages, ctx: Context) -> None:
        self._pages, self._ctx = pages, ctx

    async def framed(self, request: Request) -> Response:
        """For a frame. What goes wrong leaves the site's page as it is: the frame stays empty."""
        try:
            inbox = await self._inbox(request)
        except ChatError:
            return HTMLResponse(document.NO_DOCUMENT, 503, document.NO_DOCUMENT_HEADERS)
        if inbox is None:
            return HTMLResponse(document.NO_DOCUMENT, 404, document.NO_DOCUMENT_HEADERS)
        return self._pages.document(request, document.framed(inbox.settings.origins))

    async def alone(self, request: Request) -> Response:
        """For a window of its own. What goes wrong it says itself: there is no such chat."""
        try:
            found = await self._inbox(request) is not None
        except ChatError:
            found = True  # it tries again
        return self._pages.document(request, document.ALONE, 200 if found else 404)

    async def _inbox(self, request: Request) -> Inbox | None:
        key = request.path_params["widget_key"]
        if len(key) > MOST_KEY_CHARS or not is_storable(key):
            return None
        # Whoever asks has the store look, as a command has.
        Call(self._ctx, Standing.ANYONE, address_in(request.scope)).count_command()
        return await self._ctx.database.read(
            partial(find_by_widget_key, widget_key=key, members=False)
        )


class _Below(BaseRoute):
    """Whatever is ``path`` or below it: no pattern, so nothing slips through.

    ``shown``: what is asked for in its place, if that is something else.
    """

    def __init__(self, path: str, app: ASGIApp, shown: str = "") -> None:
        self._path, self._below, self._app, self._shown = path, f"{path}/", app, shown

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a route of Starlette's says it."""
        path = scope["path"]
        here = path == self._path or (not self._shown and path.startswith(self._below))
        return (Match.FULL if here and scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._shown:
            scope = {**scope, "path": self._shown, "raw_path": self._shown.encode()}
        await self._app(scope, receive, send)


class _OneSlash:
    """A slash at the end makes no other path. Nobody is redirected, so nothing leads elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _ends_with_slash(scope["path"]):
            raw_path = scope["raw_path"].removesuffix(b"/")
            scope = {**scope, "path": scope["path"][:-1], "raw_path": raw_path}
        await self._app(scope, receive, send)


def _ends_with_slash(path: str) -> bool:
    return len(path) > 1 and path[-1] == "/" != path[-2] and not path.startswith("/socket.io/")


class _Clients:
    """Says of every request whose it is: the one place where HTTP learns a client's address."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            peer, said = address_in(scope), Headers(scope=scope)
            forwarded_for = ",".join(said.getlist("x-forwarded-for"))
            forwarded_proto = ",".join(said.getlist("x-forwarded-proto"))
            scheme = self._proxies.scheme_of(peer, scope["scheme"], forwarded_proto)
            address = self._proxies.client_of(peer, forwarded_for)
            scope = {**scope, "scheme": scheme, "client": (address, 0)}
        await self._app(scope, receive, send)


class _SecurityHeaders:
    """Adds what is missing of ``SECURITY_HEADERS`` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, secured if scope["type"] == "http" else send)


def build_site(
    settings: Settings, realtime: Realtime, rooms: Rooms | None, socketio: SocketIOServer | None
) -> ASGIApp:
    """The ASGI application of one server."""
    http = Starlette()
    http.add_route("/health", health, ["GET"])
    http.add_route("/ready", readiness(realtime.ctx), ["GET"])
    rest = build_rest(realtime.ctx, demo=settings.demo, tokens=settings.rooms.tokens.values())
    if settings.demo and (PAGES / CONSOLE).is_file():
        add_door(rest, realtime.ctx)
    rest.wrap("GET", "/events", partial(with_streams, realtime, rest.call_of))
    http.router.routes += [_Below("/api", rest), _Below("/docs", rest, "/api/v1/docs")]
    off = set() if rooms else {"kefu.html", "yonghu.html"}
    off |= set() if socketio else {"direct.html", "socket.io.js"}
    off |= set() if settings.demo else {"demo.html", "shop.html", "shop"}
    pages = _Pages(frozenset(off))
    http.add_exception_handler(HTTPException, pages.failed)
    if rooms:
        http.add_route("/getroom", rooms.getroom, ["GET"])
    if socketio:  # its client's bundle, as its own server gives it
        http.add_route("/socket.io/socket.io.js", pages.route("socket.io.js"), ["GET"])
        http.router.routes.append(Mount("/socket.io", socketio.asgi))
    http.add_route("/licenses/python.txt", _python_licences, ["GET"])
    widget = _Widget(pages, realtime.ctx)
    http.add_route("/widget/{widget_key}", widget.framed, ["GET"])
    http.add_route("/chat/{widget_key}", widget.alone, ["GET"])
    http.add_route("/logo/{name}", partial(_logo, realtime.ctx), ["GET"])
    http.add_route("/avatar/{name}", partial(_avatar, realtime.ctx), ["GET"])
    http.add_route("/kefu-{version}.js", _loaders(pages), ["GET"])
    for path in ("/console", "/console/{path:path}"):  # the page itself says what is not there
        http.add_route(path, pages.route(CONSOLE), ["GET"])
    for path, name in (NAMED_PAGES | SHOP_PAGES).items():
        http.add_route(path, pages.route(name), ["GET"])
    http.add_route("/{path:path}", pages.route(), ["GET"])
    return _SecurityHeaders(_Clients(_OneSlash(http), Proxies(settings.server.trusted_proxies)))


async def _logo(ctx: Context, request: Request) -> Response:
    """An inbox's logo. What fails for now is as what is not there: a page does without."""
    try:
        Call(ctx, Standing.ANYONE, address_in(request.scope)).count_command()
        # Not ``request.url``, which leaves out what may not stand in one: a line's end, a tab.
        logo = await read_logo(ctx, request.scope["path"])
    except ChatError as error:
        raise HTTPException(404, str(error)) from None
    return Response(logo.content, 200, LOGO_HEADERS, logo.type)


async def _avatar(ctx: Context, request: Request) -> Response:
    """An agent's picture, as a logo."""
    try:
        Call(ctx, Standing.ANYONE, address_in(request.scope)).count_command()
        content = await read_avatar(ctx, request.scope["path"])
    except ChatError as error:
        raise HTTPException(404, str(error)) from None
    return Response(content, 200, LOGO_HEADERS, PREVIEW_TYPE)


def _loaders(pages: _Pages) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers with the loader of the request's ``version``, for ever.

    The panel of the newest loader is among the pages, where it lies smaller than what is made here.
    """
    there = released()
    files = {one.version: Content.of(one.body, "text/javascript") for one in (*there, *panels())}
    missing = _missing_loader(there)

    async def loader(request: Request) -> Response:
        version = request.path_params["version"]
        name = f"kefu-{version}.js"
        if PANEL.fullmatch(name) and (name in pages or version not in files):
            return await pages.route(name)(request)
        found = files.get(version)
        if found is None:
            return PlainTextResponse(missing, 404)
        return found.answer(request, {"cache-control": FOR_EVER, **FOR_OTHER_SITES})

    return loader


def _missing_loader(there: list[Loader]) -> str:
    said = f"There is no such version of the loader. /{LOADER} is the newest; these are kept:\n"
    return said + "".join(f"/{one.name} {one.integrity}\n" for one in there)


@cache
def _python_packages() -> Content:
    return Content.of(python_packages().encode(), "text/plain")


async def _python_licences(request: Request) -> Response:
    """What the Python packages that are installed here are under. It is looked up once."""
    listed = await asyncio.to_thread(_python_packages)
    return listed.answer(request, {"cache-control": "no-cache"})
