"""Puts one server together, runs it, takes it apart.

Rules: assembled explicitly, top to bottom, on one exit stack; nothing is global, so two servers
can live in one process. Each listening socket serves everything: pages, HTTP, WebSocket,
Socket.IO.
Not here: what can go wrong before listening (``cli.running``), settings (``config``), HTTP routes
(``site``).
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import FrameType
from typing import NamedTuple

import msgspec
import structlog
import uvicorn
import uvloop
from starlette.types import ASGIApp

from kefu.actions.assignment import begin_assigning
from kefu.actions.availability import begin_presence
from kefu.actions.context import Context, Files
from kefu.actions.indexing import Indexer
from kefu.actions.joining import setup_link
from kefu.actions.letters import Post
from kefu.actions.outbox import Outbox
from kefu.actions.revocations import Revocations
from kefu.actions.rooms import resolve_left_open
from kefu.actions.sweeps import run_sweeps
from kefu.background import Background, beside
from kefu.config import Settings
from kefu.core.limits import Rates
from kefu.core.permissions import Policy
from kefu.core.urls import read_allowed
from kefu.demo.team import Account, prepare_demo
from kefu.files.intake import Intake
from kefu.files.local import LocalFiles
from kefu.gateways.direct.endpoint import Direct
from kefu.gateways.realtime.codec import CloseCode
from kefu.gateways.realtime.endpoint import PATH as REALTIME
from kefu.gateways.realtime.endpoint import Realtime
from kefu.gateways.rooms.demo import Demo
from kefu.gateways.rooms.endpoint import Rooms
from kefu.hub import Hub
from kefu.logs import configure_logs
from kefu.net.clients import Proxies
from kefu.net.origins import Pages, normal_origin
from kefu.notifications.mail import run_mail
from kefu.outbound.fetch import Fetcher
from kefu.site import SECURITY_HEADERS, build_site
from kefu.storage.claims import Claim
from kefu.storage.database import Database
from kefu.storage.desk import get_epoch
from kefu.storage.engine import StoreUnusable
from kefu.storage.files import get_secret
from kefu.storage.migrations import migrate
from kefu.storage.private import keep_private
from kefu.transport.budget import Budget
from kefu.transport.http import Admission, HttpLimits, http_protocol
from kefu.transport.socketio import EngineSettings, SocketIOServer, SocketIOSettings
from kefu.transport.websocket import (
    Agreed,
    Handler,
    Refusal,
    Request,
    WebSocketLimits,
    websocket_protocol,
)

# After SIGTERM: what is on its way to the store, then what is open, is waited for this long.
DRAIN_S = 2.0
CLOSE_S = 2
EXIT_S = 4.7  # after which the process ends, whatever hangs
SOCKET_IO = "/socket.io"
# Files that are no connections: the database, the log, what the system opens.
SPARE_FILES = 64

log = structlog.get_logger()


class Kefu:
    """One assembled server: what answers HTTP and WebSocket, and how to stop."""

    def __init__(
        self, settings: Settings, ctx: Context, outbox: Outbox, looks: AsyncExitStack
    ) -> None:
        """``looks``: what looks at the store again and again, by itself."""
        self.ctx = ctx
        self._outbox = outbox
        self._looks = looks
        self._stopping = False
        self._proxies = Proxies(settings.server.trusted_proxies)
        own = ctx.policy.pages
        self.rooms = (
            Rooms(
                ctx,
                hold_s=settings.rooms.hold_s,
                tokens=settings.rooms.tokens,
                pages=own.beside(settings.rooms.origins),
            )
            if settings.rooms.enabled
            else None
        )
        self.demo = Demo(ctx) if settings.demo else None
        self.socketio = (
            SocketIOServer({"/": Direct(ctx).connect}, _socketio_settings(settings, own))
            if settings.direct.enabled
            else None
        )
        self.realtime = Realtime(ctx)
        self.http: ASGIApp = build_site(settings, self.realtime, self.rooms, self.socketio)

    def websocket(self, request: Request) -> Handler | Agreed | Refusal:
        """Who handles a new WebSocket."""
        if self._stopping:
            return Refusal(503, "The server is about to stop.\n", (("retry-after", "5"),))
        said = request.headers.get("x-forwarded-for", "")
        request = replace(request, client=self._proxies.client_of(request.client, said))
        if request.path == REALTIME:
            return self.realtime.websocket(request)
        if request.path.rstrip("/") == SOCKET_IO and self.socketio:
            return self.socketio.websocket(request)
        if request.path == "/demo" and self.demo:
            return self.demo.websocket(request)
        if request.path != "/" or not self.rooms:
            return Refusal(404, "There is no WebSocket here.\n")
        if self.demo and not request.query.keys() & {"type", "name"}:
            return self.demo.websocket(request)  # the tutorial's demo page connects here
        return self.rooms.websocket(request)

    async def stop(self) -> None:
        """Before the connections are closed: nobody "left", and what was said gets stored."""
        self._stopping = True
        if self.rooms:
            self.rooms.stopping = True
        await self._outbox.close()
        await self._looks.aclose()  # else they complain of a store that was closed
        await self.ctx.database.close(DRAIN_S)
        self.realtime.stop()
        if self.socketio:
            await self.socketio.close()


@asynccontextmanager
async def assemble(
    settings: Settings, claim: Claim | None = None, *, home: str = ""
) -> AsyncIterator[Kefu]:
    """Open the store and put everything on it together. Raises StoreUnusable.

    ``claim``: on the store; only tests do without. ``home``: what links to the pages begin with.
    """
    async with AsyncExitStack() as stack:
        database = Database(
            settings.database_url,
            lock_wait_s=settings.storage.lock_wait_s,
            deadline_s=settings.storage.deadline_s,
            max_pending=settings.limits.pending_messages,
            claim=claim,
        )
        await database.start()
        stack.push_async_callback(database.close)
        ctx = Context(
            database=database,
            hub=Hub(),
            policy=_policy(settings),
            limits=settings.limits,
            rates_off=settings.limits_off,
            now_ms=lambda: time.time_ns() // 1_000_000,
            monotonic_s=asyncio.get_running_loop().time,  # what its timers go by
            token=lambda: secrets.token_urlsafe(9),
            background=Background(),
            epoch=await database.read(get_epoch),
            home=home,
            rates=None if settings.limits_off else Rates(settings.limits),
            files=open_files(settings, await database.read(get_secret)),
        )
        await resolve_left_open(ctx)
        begin_assigning(ctx)
        await begin_presence(ctx)
        outbox = _outbox(settings, ctx, stack)
        looks = await stack.enter_async_context(AsyncExitStack())
        for name, work in (
            ("sweeps", partial(run_sweeps, ctx)),
            ("revocations", Revocations(ctx).run),
            ("indexer", Indexer(ctx).run),
            ("outbox", outbox.run),
        ):
            await looks.enter_async_context(beside(name, work))
        if settings.mail.host:
            await looks.enter_async_context(beside("notifications", partial(run_mail, ctx)))
        yield Kefu(settings, ctx, outbox, looks)


def _policy(settings: Settings) -> Policy:
    return Policy(
        open_rooms=settings.demo,
        reach=read_allowed(settings.outbound.allow),
        mail=bool(settings.mail.host),
        links=bool(settings.server.public_url),
        pages=Pages(
            frozenset(map(normal_origin, filter(None, [settings.server.public_url]))),
            local=settings.demo and settings.on_loopback,
        ),
    )


def _outbox(settings: Settings, ctx: Context, stack: AsyncExitStack) -> Outbox:
    """What goes out by itself: webhooks, and letters if there is a mail server."""
    fetcher = Fetcher(ctx.policy.reach)
    stack.callback(fetcher.close)
    post = Post(settings.mail, settings.server.public_url) if settings.mail.host else None
    return Outbox(ctx, fetcher, post)


def open_files(settings: Settings, secret: bytes) -> Files:
    """Where files are kept. Raises StoreUnusable."""
    folder, limits = settings.data_dir / "files", settings.limits
    try:
        store = LocalFiles(folder)
    except OSError as error:
        raise StoreUnusable(
            "cannot use {store}: {reason}", store=folder, reason=error.strerror
        ) from None
    keep_private(folder, store.scratch)
    intake = Intake(
        store, store.scratch, most_bytes=limits.file_bytes, most_pixels=limits.image_pixels
    )
    return Files(store, intake, secret)


def with_file_limit(settings: Settings, files: int) -> Settings:
    """``settings`` that take no more connections than there are files to open."""
    most = max(1, files - SPARE_FILES)
    limits = settings.limits
    if not limits.connections or limits.connections > most:
        limits = msgspec.structs.replace(limits, connections=most)
    return msgspec.structs.replace(settings, limits=limits)


class Started(NamedTuple):
    """What the operator is told once the server listens."""

    accounts: list[Account]  # of a demo
    setup_link: str | None  # where the first admin is made; None: there is an admin


Ready = Callable[[Started], None]


def run(
    settings: Settings, listeners: list[socket.socket], ready: Ready, *, claim: Claim, home: str
) -> None:
    """Bring the store, which ``claim`` is on, up to date and serve until SIGTERM or Ctrl+C.

    ``home``: how browsers reach the server. Raises StoreUnusable.
    """
    configure_logs()
    migrate(settings.database_url)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, listeners, ready, claim=claim, home=home))


async def _serve(
    settings: Settings, listeners: list[socket.socket], ready: Ready, *, claim: Claim, home: str
) -> None:
    async with assemble(settings, claim, home=home) as kefu:
        past = datetime.now().astimezone() if settings.past else None
        accounts = await prepare_demo(kefu.ctx, past=past) if settings.demo else []
        started = Started(accounts, await setup_link(kefu.ctx))
        server = _Server(_uvicorn_config(settings, kefu), kefu, partial(ready, started))
        # What lives from here on is looked at by the collector again and again, so it must be
        # what connections come and go with, and not the modules (docs/performance.md).
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)
        await server.serve(sockets=listeners)
        if fault := kefu.ctx.database.fault:
            raise fault


def _end_by(status: int) -> None:
    """End the process with ``status`` by ``EXIT_S`` from now, though a thread hangs for ever.

    The interpreter would wait for it. What was acknowledged is stored by now.
    """

    def end() -> None:
        log.warning("stop_forced")
        os._exit(status)

    timer = threading.Timer(EXIT_S, end)
    timer.daemon = True
    timer.start()


class _Server(uvicorn.Server):
    """uvicorn, with something to say when it listens and something to do before it closes."""

    def __init__(self, config: uvicorn.Config, kefu: Kefu, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._kefu = kefu
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal again once it has stopped; here a stop that was asked for
        # is a success.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            _end_by(0)
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if (fault := self._kefu.ctx.database.fault) and not self.should_exit:
            _end_by(fault.status)
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._kefu.stop()
        await super().shutdown(sockets)


def _uvicorn_config(settings: Settings, kefu: Kefu) -> uvicorn.Config:
    limits, server = settings.limits, settings.server
    admission = Admission(
        per_address=0 if settings.limits_off else limits.connections_per_address,
        total=limits.connections,
        exempt=Proxies(server.trusted_proxies),
    )
    http_limits = HttpLimits(
        head_bytes=limits.head_bytes,
        target_bytes=limits.target_bytes,
        head_timeout_s=limits.head_s,
        headers=tuple(SECURITY_HEADERS.items()),
    )
    return uvicorn.Config(
        kefu.http,
        http=http_protocol(admission, http_limits),
        ws=websocket_protocol(kefu.websocket, websocket_limits(settings), http_limits.headers),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # ``Proxies`` reads them, for every protocol
        timeout_graceful_shutdown=CLOSE_S,
    )


def websocket_limits(settings: Settings) -> Callable[[Request], WebSocketLimits]:
    """The bounds of each WebSocket, by what is spoken on it."""
    limits, server = settings.limits, settings.server
    rooms_limits = WebSocketLimits(
        message_bytes=limits.message_bytes,
        outbox_bytes=limits.outbox_bytes,
        ping_interval_s=server.ping_interval_s,
        ping_timeout_s=server.ping_timeout_s,
        idle=_idle(settings),
        flood_code=CloseCode.TOO_MANY,
    )
    # Engine.IO has pings of its own.
    socketio_limits = replace(rooms_limits, ping_interval_s=0.0)

    realtime_limits = replace(rooms_limits, slow_code=CloseCode.SLOW)

    def limits_of(request: Request) -> WebSocketLimits:
        if request.path == REALTIME:
            return realtime_limits
        return socketio_limits if request.path.rstrip("/") == SOCKET_IO else rooms_limits

    return limits_of


def _idle(settings: Settings) -> Budget:
    limits = settings.limits
    burst = 0 if settings.limits_off else limits.idle_frames_burst
    return Budget(per_s=limits.idle_frames_per_s, burst=burst)


def _socketio_settings(settings: Settings, own: Pages) -> SocketIOSettings:
    limits, server = settings.limits, settings.server
    engine = EngineSettings(
        ping_interval_ms=round(server.ping_interval_s * 1000),
        ping_timeout_ms=round(server.ping_timeout_s * 1000),
        max_payload=limits.polling_bytes,
        max_packet_bytes=limits.message_bytes,
        polling_sessions_per_address=0 if settings.limits_off else limits.connections_per_address,
        outbox_bytes=limits.outbox_bytes,
        idle=_idle(settings),
        pages=own.beside(settings.direct.origins),
    )
    connect_timeout_ms = round(settings.direct.connect_timeout_s * 1000)
    return SocketIOSettings(engine=engine, connect_timeout_ms=connect_timeout_ms)
