"""One connection of ``kefu.v1``: who it is, what it asks, what it is told.

Rules: the first frame says who it is; until that is known, no more than a small frame is read, and
from then on a frame is counted before it is read. Commands run side by side and are answered when
they are done; messages and notes are stored in the order in which they came. Whatever ends the
right to be here ends the connection at once. Nobody ever waits for a client: what it does not read
is bounded by the transport.
Not here: frames (``codec``), what it follows (``feed``), who may connect (``endpoint``), what
commands do (``actions``).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from kefu.actions.carrying import carry_out, check_caller, repeat_of
from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import read_form
from kefu.actions.context import Call, Changed
from kefu.actions.files import with_links
from kefu.actions.following import OpenConversation, OpenFeed
from kefu.actions.forms import Done
from kefu.actions.messages import SendMessage, Sent, WriteNote, place_to_write, send
from kefu.core.actors import Visitor
from kefu.core.endings import Ending
from kefu.core.errors import BadInput, ChatError, IllegalState, TooMany, Unauthenticated
from kefu.core.permissions import Action
from kefu.gateways.realtime import codec
from kefu.gateways.realtime.codec import Ask, CloseCode
from kefu.gateways.realtime.feed import Following
from kefu.transport.websocket import Connection, text_frame

if TYPE_CHECKING:
    from kefu.gateways.realtime.endpoint import Arrival, Realtime

SENDS = {"message.send": Action.WRITE, "message.note": Action.NOTE}
_OPENING = ("conversation.open", "feed.open")
# How long a connection that has to end waits for its own commands, one of which may be why.
ANSWERS_S = 1.0
_Send = SendMessage | WriteNote

log = structlog.get_logger()


def as_frame(json: bytes, cursor: str | None) -> bytes:
    """An event's JSON as a WebSocket frame."""
    return text_frame(json)


class RealtimeSocket:
    """A WebSocket handler."""

    __slots__ = (
        "_allowance",
        "_call",
        "_connection",
        "_ctx",
        "_early",
        "_following",
        "_last",
        "_over",
        "_pending",
        "_realtime",
        "_refusals_left",
        "_timer",
        "_unsent",
        "arrival",
    )

    def __init__(self, realtime: Realtime, arrival: Arrival) -> None:
        self._realtime = realtime
        self._ctx = realtime.ctx
        self.arrival = arrival
        self._connection: Connection
        self._allowance = realtime.ctx.allowance()
        self._refusals_left = realtime.ctx.limits.refusals
        self._following = Following(realtime.ctx, as_frame, self._push, self._ended)
        self._call: Call | None = None  # None: it has not said who it is
        self._early: list[str] | None = None  # what came before the answer to hello, unread
        self._pending = 0  # commands that are not answered yet
        self._unsent: deque[tuple[int, _Send]] = deque()  # wait for a look at a conversation
        self._timer: asyncio.TimerHandle | None = None
        self._last: Callable[[], None] | None = None  # to do when no command is pending
        self._over = False

    # The transport's side

    def connected(self, connection: Connection) -> None:
        """The handshake is done: it has a while to say who it is."""
        self._connection = connection
        late = partial(self._close, CloseCode.UNAUTHENTICATED, "no hello in time")
        self._timer = asyncio.get_running_loop().call_later(self._ctx.limits.hello_s, late)

    def message(self, data: str | bytes) -> None:
        """Take one frame."""
        if isinstance(data, bytes):
            self._close(CloseCode.PROTOCOL, "frames are text")
        elif self._over:
            return
        elif self._call is not None:
            self._take(self._call, data)
        elif self._early is not None:
            self._take_early(self._early, data)
        else:
            self._take_first(data)

    def closed(self, code: int, reason: str) -> None:
        """The connection is gone. What it said before is still said."""
        self._over = True
        self._stop_timer()
        self._following.leave()
        if self._call:
            self._realtime.leave(self._following)

    # Frames

    def _take(self, call: Call, text: str) -> None:
        try:
            self._count(call)
        except TooMany as refusal:
            self._refuse_unread(text, refusal)
            return
        try:
            ask = codec.decode(text)
        except codec.BadFrame as fault:
            self._refuse(fault.id, fault)
            return
        except codec.NoFrame:
            self._close(CloseCode.PROTOCOL, "a frame is an object with an id")
            return
        try:
            if ask.do in SENDS:
                self._send(call, ask)
            else:
                self._start(ask)
        except ChatError as refusal:
            self._refuse(ask.id, refusal)

    def _take_first(self, text: str) -> None:
        """It is hello, or the last: a stranger has one small frame to be read."""
        if len(text) > codec.HELLO_CHARS:
            self._close(CloseCode.PROTOCOL, f"hello has {codec.HELLO_CHARS:,} characters at most")
            return
        try:
            ask = codec.decode(text)
        except codec.BadFrame as fault:
            self._refuse(fault.id, fault)
            self._close(CloseCode.PROTOCOL, fault.code)
        except codec.NoFrame:
            self._close(CloseCode.PROTOCOL, "a frame is an object with an id")
        else:
            if ask.do == "hello":
                if self._allowance:
                    self._allowance.take(self._ctx.monotonic_s())  # it counts, too
                self._early = []
                self._ctx.background(self._hello(ask))
                return
            self._refuse(ask.id, Unauthenticated("Say hello first."))
            self._close(CloseCode.UNAUTHENTICATED, Unauthenticated.code)

    def _take_early(self, early: list[str], text: str) -> None:
        if len(early) < self._ctx.limits.pending_commands:
            early.append(text)
        else:
            self._refuse_unread(text, TooMany("Wait for the answer to hello."))

    async def _hello(self, ask: Ask) -> None:
        following = self._following
        try:
            do = codec.form(ask, codec.Hello)
            self.arrival = self.arrival.saying(do.token, do.widget)
            call = await self._realtime.let_in(following, self.arrival)
        except ChatError as refusal:
            self._refuse(ask.id, refusal)
            self._close(codec.not_let_in(refusal), refusal.code)
            return
        if self._over or following.actor is None:
            self._realtime.leave(following)
            return
        self._call = call
        self._stop_timer()
        self._answer(ask.id, self._realtime.welcome(following.actor))
        early, self._early = self._early or [], None
        for one in early:
            self.message(one)

    # Commands

    def _start(self, ask: Ask) -> None:
        if self._pending >= self._ctx.limits.pending_commands:
            raise TooMany("Too many commands of this connection are not answered yet.")
        self._pending += 1
        self._ctx.background(self._run(ask))

    async def _run(self, ask: Ask) -> None:
        opening = ask.do in _OPENING
        try:
            with self._following.holding() if opening else nullcontext():
                self._answer(ask.id, await self._carry_out(ask))
        except Changed:
            self._ended(Ending.ACCESS_CHANGED)
        except ChatError as refusal:
            self._refuse(ask.id, refusal)
        except Exception:
            log.exception("command_failed", command=ask.do)
            self._close(CloseCode.FAULT, "internal error")
        finally:
            self._pending -= 1
            if self._last and not self._pending:
                self._last()
        if opening:
            self._beat_later()

    async def _carry_out(self, ask: Ask) -> object:
        assert self._call  # noqa: S101 - nothing is begun before hello
        call, own = self._call, codec.OWN.get(ask.do)
        if own is not None:
            return await self._do_own(call, codec.form(ask, own))
        command = BY_NAME.get(ask.do)
        if command is None:
            raise BadInput("do: there is no such command.")
        check_caller(call, command)
        form = read_form(command, ask.fields)
        if ask.key is not None:
            call = replace(call, repeat=repeat_of(command, form, ask.key))
        answer = await carry_out(call, command, form)
        if command.changes:
            await self._meet(call)
        return with_links(call, answer)

    async def _do_own(self, call: Call, do: object) -> object:
        match do:
            case OpenConversation():
                return await self._following.open_conversation(call, do)
            case OpenFeed():
                return await self._following.open_feed(call, do)
            case codec.CloseConversation():
                self._following.close_conversation(do.conversation)
            case codec.CloseFeed():
                self._following.close_feed()
            case codec.Hello():
                raise IllegalState("hello was said already.")
        return Done()

    async def _meet(self, call: Call) -> None:
        """A visitor is a contact once their first message is stored."""
        if isinstance(call.actor, Visitor) and not call.actor.contact_id:
            now = await self._realtime.look_again(self._following, self.arrival)
            if now is not None and not self._over:
                self._call = now
                await self._following.become(now)

    # Messages: no task for one in a conversation that is open

    def _send(self, call: Call, ask: Ask) -> None:
        form = read_form(BY_NAME[ask.do], ask.fields)
        assert isinstance(form, _Send)  # noqa: S101 - what both commands take
        place = self._following.place_of(form.conversation)
        if place is not None and not self._unsent:
            send(call, place, form, partial(self._sent, ask.id))
            return
        if len(self._unsent) >= self._ctx.limits.pending_commands:
            raise TooMany("Too many messages to conversations that are not open.")
        self._unsent.append((ask.id, form))
        if len(self._unsent) == 1:
            self._ctx.background(self._send_on(call))

    async def _send_on(self, call: Call) -> None:
        while self._unsent:
            first = id, form = self._unsent[0]
            action = Action.NOTE if isinstance(form, WriteNote) else Action.WRITE
            done = partial(self._sent, id)
            try:
                place = await place_to_write(call, form.conversation, action)
            except ChatError as refusal:
                done(refusal)
                place = None
            if not self._unsent or self._unsent[0] is not first:
                return  # its right to say anything has ended
            self._unsent.popleft()
            if place is not None:
                self._following.found(place)
                send(call, place, form, done)

    def _sent(self, id: int, result: Sent | Exception) -> None:
        if isinstance(result, Sent):
            self._answer(id, result)
        elif isinstance(result, Changed):  # it comes back as whoever they are, and repeats it
            self._ended(Ending.ACCESS_CHANGED)
        elif isinstance(result, ChatError):
            self._refuse(id, result)
        else:
            log.error("send_failed", fault=type(result).__name__)
            self._close(CloseCode.FAULT, "internal error")

    # Answers

    def _answer(self, id: int, ok: object) -> None:
        self._push(text_frame(codec.answer(id, ok)))

    def _refuse(self, id: int, refusal: ChatError) -> None:
        self._push(text_frame(codec.refusal(id, refusal)))
        if isinstance(refusal, TooMany):
            self._refusals_left -= 1
            if self._refusals_left <= 0:
                self._close(CloseCode.TOO_MANY, TooMany.code)

    def _refuse_unread(self, text: str, refusal: TooMany) -> None:
        """Refuse a frame of which nothing but its number is read."""
        try:
            self._refuse(codec.id_of(text), refusal)
        except codec.NoFrame:
            self._close(CloseCode.PROTOCOL, "a frame is an object with an id")

    def _count(self, call: Call) -> None:
        """Count one frame of this connection and of the actor. Raises TooMany."""
        if self._allowance and (wait_s := self._allowance.take(self._ctx.monotonic_s())):
            raise TooMany(retry_s=wait_s)
        call.count_command()

    def _push(self, frame: bytes) -> None:
        self._connection.send_frame(frame)

    # Life

    def _beat_later(self) -> None:
        if self._timer is None and not self._over and self._following.is_open:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(codec.HEARTBEAT_S, self._beat)

    def _beat(self) -> None:
        self._timer = None
        if self._following.is_open:
            self._push(self._following.heartbeat())
        self._beat_later()

    def _ended(self, reason: str) -> None:
        """It may not be here any more: what it asked for is answered, within a moment."""
        if self._last is not None:
            return
        self._stop()
        self._following.leave()
        self._last = partial(
            self._connection.close, codec.ENDED.get(reason, CloseCode.SLOW), reason
        )
        if self._pending:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(ANSWERS_S, self._last)
        else:
            self._last()

    def _close(self, code: CloseCode, reason: str) -> None:
        self._stop()
        self._connection.close(code, reason)

    def _stop(self) -> None:
        self._over = True
        self._unsent.clear()
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
