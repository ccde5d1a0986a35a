"""The rooms protocol's sockets: join, say, leave.

Rules: the lobby decides who sits with whom; this module tells them. A line about coming or going
is sent after the messages that were said before it, even while those are still on their way to the
store (``after_pending``). Everything said is stored before anybody, its sender included, sees it.
Not here: the lines' texts (``codec``), seats (``core.lobby``), WebSocket frames
(``transport.websocket``).
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse

from kefu.actions.context import Context
from kefu.actions.rooms import RoomsFeed
from kefu.core.actors import Standing
from kefu.core.conversation import Conversation, Kind, Member, Role
from kefu.core.errors import BadInput, BadName, ChatError, NameTaken, NotAllowed, TooMany
from kefu.core.limits import AddressBuckets
from kefu.core.lobby import Lobby, Pair
from kefu.core.names import clean_name
from kefu.core.permissions import Action, may
from kefu.gateways.refusals import explain, too_fast
from kefu.gateways.rooms import codec
from kefu.gateways.rooms.socket import RoomsSocket
from kefu.net.clients import address_in, network_of
from kefu.net.origins import Pages
from kefu.net.requests import read_query
from kefu.transport.origins import cors_headers
from kefu.transport.websocket import Refusal, Request

ROLES = {"kefu": Role.AGENT, "yonghu": Role.VISITOR}


class Rooms:
    """All rooms of this server.

    ``tokens``: agent's name → secret, needed to join as that agent unless the policy opens the
    rooms to anybody.
    """

    def __init__(
        self, ctx: Context, *, hold_s: float, tokens: Mapping[str, str], pages: Pages
    ) -> None:
        self.ctx = ctx
        self.stopping = False
        self.feed = RoomsFeed(ctx)  # what the desk is told
        self._tokens = tokens
        self._pages = pages
        self._lobby = Lobby(hold_s)
        self._sockets: dict[Member, RoomsSocket] = {}
        self._expiry: asyncio.TimerHandle | None = None
        limits = ctx.limits
        self._asked = AddressBuckets(limits.room_requests_per_s, limits.room_requests_burst)

    def websocket(self, request: Request) -> RoomsSocket | Refusal:
        """The handler for a new socket; whether the name may stay is told on the socket itself."""
        if not self._pages.may(request.headers):
            return Refusal(403, "This page may not connect: see rooms.origins.\n")
        return RoomsSocket(self)

    async def getroom(self, request: HttpRequest) -> JSONResponse:
        """``GET /getroom?userName=NAME`` → ``{"room":true,"kefuName":K}`` or ``{"room":false}``.

        A refusal has ``"room":false``, too, and says why: 400 bad name, 403 foreign page,
        409 name taken, 429 too many requests.
        """
        if not self._pages.may(request.headers):
            return _no_room(NotAllowed("此网页不能连接，见 rooms.origins"), 403, {})
        headers = dict(cors_headers(request.headers, self._pages, preflight=False))
        address = network_of(address_in(request.scope))
        now_s = self.ctx.monotonic_s()
        wait_s = 0.0 if self.ctx.rates_off else self._asked.take(address, now_s)
        if wait_s:
            headers["Retry-After"] = str(int(wait_s) + 1)
            return _no_room(TooMany(too_fast(wait_s)), 429, headers)
        try:
            visitor = clean_name(_asked_name(request))
            agent = self._lobby.reserve(visitor, now_s)
        except BadName as refusal:
            return _no_room(refusal, 400, headers)
        except NameTaken as refusal:
            return _no_room(refusal, 409, headers)
        if agent is None:
            return JSONResponse({"room": False}, headers=headers)
        self._watch_holds()
        return JSONResponse({"room": True, "kefuName": agent}, headers=headers)

    def join(self, socket: RoomsSocket, request: Request) -> None:
        """Let a socket in under the role and name it asks for. Raises ChatError."""
        role = ROLES.get(request.query.get("type", ""))
        if role is None:
            raise BadInput("type 须为 kefu 或 yonghu")
        member = Member(role, clean_name(request.query.get("name", "")))
        if role is Role.AGENT:
            self._check_agent(member.name, request.query.get("token", ""))
            pair = self._lobby.join_agent(member.name)
        else:
            pair = self._lobby.join_visitor(member.name)
            socket.talk_in(self._new_conversation(member))
        socket.member = member
        self._sockets[member] = socket
        if pair:
            self._introduce(pair, waited=role is Role.AGENT)
        elif role is Role.VISITOR:
            socket.show(codec.NO_AGENT)

    def leave(self, socket: RoomsSocket, member: Member) -> None:
        """A socket is gone: free its name and seat at once, then tell whoever sat with it."""
        del self._sockets[member]
        if self.stopping:  # everybody is being closed and may come back; nobody "left"
            return
        if member.role is Role.AGENT:
            self._agent_left(socket, member.name)
        else:
            self._visitor_left(socket, member.name)

    def talk_alone(self, socket: RoomsSocket, member: Member) -> Conversation:
        """What an agent says in an empty room is a conversation of its own."""
        conversation = self._new_conversation(member)
        socket.talk_in(conversation)
        return conversation

    def _check_agent(self, name: str, token: str) -> None:
        expected = self._tokens.get(name)
        # Compare in any case, so that the time tells nothing about which names exist.
        same = hmac.compare_digest((expected or "").encode(), token.encode())
        standing = Standing.AGENT if same and expected else Standing.ANYONE
        if not may(standing, Action.SERVE_ROOM, self.ctx.policy):
            raise NotAllowed("客服登录需要有效的 token")

    def _new_conversation(self, member: Member) -> Conversation:
        return Conversation(f"{Kind.ROOMS}:{self.ctx.token()}", Kind.ROOMS, (member,))

    def _introduce(self, pair: Pair, *, waited: bool) -> None:
        """Both are told of each other; an agent also gets what a visitor said while waiting."""
        serving, served = Member(Role.AGENT, pair.agent), Member(Role.VISITOR, pair.visitor)
        agent, visitor = self._sockets[serving], self._sockets[served]
        alone = visitor.conversation or self._new_conversation(served)
        together = Conversation(alone.key, alone.kind, (served, serving))
        visitor.conversation = together
        before = agent.conversation
        agent.conversation = together

        def tell() -> None:
            if before:
                self.ctx.hub.unsubscribe(before.key, agent)
                self.feed.over(before, "visitor_came")
            self.feed.taken(together)
            self.ctx.hub.subscribe(together.key, agent)
            visitor.show(codec.serves_you(pair.agent))
            agent.show(codec.visitor_entered(pair.visitor))
            if waited:
                agent.catch_up(together.key)

        self.ctx.database.after_pending(tell)

    def _agent_left(self, socket: RoomsSocket, agent: str) -> None:
        seated = self._lobby.leave_agent(agent)
        visitor = self._sockets[Member(Role.VISITOR, seated)] if seated else None
        over = socket.conversation

        def tell() -> None:
            socket.stop_hearing()
            if over:
                self.feed.over(over, "agent_left")
            if visitor:
                visitor.show(codec.agent_left(agent))
                visitor.show(codec.CLOSE)
                visitor.dismiss()

        self.ctx.database.after_pending(tell)

    def _visitor_left(self, socket: RoomsSocket, visitor: str) -> None:
        seated_with, next_pair = self._lobby.leave_visitor(visitor)
        agent = self._sockets[Member(Role.AGENT, seated_with)] if seated_with else None
        over = socket.conversation
        if agent:
            agent.conversation = None

        def tell() -> None:
            socket.stop_hearing()
            if over:
                self.feed.over(over, "visitor_left")
            if agent and over:
                self.ctx.hub.unsubscribe(over.key, agent)
                agent.show(codec.visitor_left(visitor))

        self.ctx.database.after_pending(tell)
        if next_pair:
            self._introduce(next_pair, waited=True)

    def _watch_holds(self) -> None:
        """Keep one timer on the seat whose hold ends first."""
        until_s = self._lobby.next_expiry_s()
        if self._expiry is None and until_s is not None:
            delay_s = max(0.0, until_s - self.ctx.monotonic_s())
            self._expiry = asyncio.get_running_loop().call_later(delay_s, self._holds_ended)

    def _holds_ended(self) -> None:
        self._expiry = None
        for pair in self._lobby.expire(self.ctx.monotonic_s()):
            self._introduce(pair, waited=True)
        self._watch_holds()


def _asked_name(request: HttpRequest) -> str:
    try:
        return read_query(request.scope["query_string"]).get("userName", "")
    except ValueError:
        return ""


def _no_room(refusal: ChatError, status: int, headers: Mapping[str, str]) -> JSONResponse:
    error = {"code": refusal.code, "message": explain(refusal)}
    return JSONResponse({"room": False, "error": error}, status, headers)
