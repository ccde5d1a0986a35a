"""The direct protocol's sockets: log in, speak to one person, leave.

Rules: one socket has one name and one name has one socket. The events of one socket are handled in
order, also while its login waits for the holder of the name to prove that it is alive. Everything
said is stored before anybody sees it.
Not here: events' shapes and texts (``codec``), lists (``roster``), Socket.IO itself
(``transport.socketio``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kefu.actions.context import Context
from kefu.actions.relay import send_message
from kefu.core.characters import fold
from kefu.core.conversation import Conversation, Member, Message, NewMessage, Role
from kefu.core.errors import BadInput, BadName, ChatError
from kefu.core.names import clean_name
from kefu.gateways.direct import codec
from kefu.gateways.direct.roster import Reader, Roster
from kefu.gateways.refusals import explain, too_fast
from kefu.hub import Encoded, direct_channel
from kefu.transport.socketio import EncodedPacket, Socket

# A name is given over if its holder does not answer within this.
ALIVE_S = 2.0
# What one socket may say while its login waits for that answer.
MOST_QUEUED = 100


class Direct:
    """Everybody on the direct protocol of this server."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.names: dict[str, DirectSocket] = {}  # in the order of logging in
        self._folds: dict[str, DirectSocket] = {}  # the same, by what names are compared by
        self._readers: dict[object, Reader] = {}
        self.roster = Roster(self.names, self._readers, ctx.monotonic_s)

    def connect(self, socket: Socket) -> DirectSocket:
        """The handler for a new socket in the default namespace."""
        self._readers[socket] = handler = DirectSocket(self, socket)
        return handler

    def online(self, raw: str) -> str | None:
        """The name as it is compared, if somebody is online under it."""
        if raw in self.names:  # nearly always: names come from our own lists
            return raw
        try:
            name = clean_name(raw)
        except BadName:
            return None
        return name if name in self.names else None

    def holder_of(self, name: str) -> DirectSocket | None:
        """Who is online under this name, or under one that looks the same."""
        return self._folds.get(fold(name))

    def take(self, handler: DirectSocket, name: str) -> None:
        """Give ``handler`` the free ``name``; the one it had is free."""
        self._release(handler)
        self.names[name] = self._folds[fold(name)] = handler
        handler.name = name
        # After the messages on their way: those are for whoever had the name before.
        subscribe = partial(self.ctx.hub.subscribe, direct_channel(name), handler)
        self.ctx.database.after_pending(subscribe)
        self.roster.changed()

    def leave(self, handler: DirectSocket) -> None:
        """A socket is gone. It may have gone before: losing the name to another ends it, too."""
        if self._readers.pop(handler.socket, None) and self._release(handler):
            self.roster.changed()

    def _release(self, handler: DirectSocket) -> bool:
        name, handler.name = handler.name, None
        if name is None:
            return False
        del self.names[name], self._folds[fold(name)]
        # Its own messages that are on their way to the store are still its own to see.
        unsubscribe = partial(self.ctx.hub.unsubscribe, direct_channel(name), handler)
        self.ctx.database.after_pending(unsubscribe)
        return True


class DirectSocket:
    """One client (a ``transport.socketio`` handler and a ``hub`` subscriber)."""

    __slots__ = (
        "_allowance",
        "_direct",
        "_queued",
        "list_sent_s",
        "list_version",
        "name",
        "socket",
    )

    def __init__(self, direct: Direct, socket: Socket) -> None:
        self._direct = direct
        self._allowance = direct.ctx.allowance()
        self._queued: list[tuple[str, list[object]]] | None = None  # None: no login is waiting
        self.socket = socket
        self.name: str | None = None
        self.list_version = 0
        self.list_sent_s = float("-inf")

    def event(self, name: str, args: list[object], ack: Callable[..., None] | None) -> None:
        """Take one event from the client. Events that the protocol does not know are ignored."""
        if self._over_rate():
            return
        if self._queued is None:
            self._handle(name, args)
        elif len(self._queued) < MOST_QUEUED:
            self._queued.append((name, args))
        else:
            self.socket.emit("error", too_fast(ALIVE_S))

    def disconnected(self, reason: str) -> None:
        """The client is gone, or left the namespace: then its connection ends, too.

        Otherwise leaving and coming back would be a way around the rate.
        """
        self._direct.leave(self)
        self.socket.disconnect(close_engine=True)

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        """Show a committed message; the copy for the name that sent it says so."""
        own = channel == direct_channel(message.sender.name)
        packet = encoded.get(own)
        if not isinstance(packet, EncodedPacket):
            packet = encoded[own] = codec.encode_message(conversation, message, own=own)
        self.socket.send(packet)

    def _handle(self, name: str, args: list[object]) -> None:
        if name == "private_message":
            self._private_message(args)
        elif name == "login":
            self._login(args)

    def _private_message(self, args: list[object]) -> None:
        if self.name is None:
            self.socket.emit("error", codec.LOGIN_FIRST)
            return
        try:
            to, text = codec.decode_message(args)
        except BadInput as fault:
            self._refused(fault)
            return
        receiver = self._direct.online(to)
        if receiver is None:
            self.socket.emit("error", codec.NO_SUCH_USER)
            return
        new = NewMessage(
            codec.conversation_of(self.name, receiver),
            Member(Role.PEER, self.name),
            None,
            text,
            self._direct.ctx.now_ms(),
        )
        send_message(self._direct.ctx, new, self._refused)

    def _login(self, args: list[object]) -> None:
        try:
            name = clean_name(args[0] if args else None)
        except BadName as refusal:
            self.socket.emit("login_error", explain(refusal))
            return
        holder = self._direct.holder_of(name)
        if holder is None or (holder is self and name != self.name):
            self._direct.take(self, name)
            self._direct.roster.show(self)
            self.socket.emit("login_success")
        elif holder is self:
            self.socket.emit("login_success")
        else:
            # After a network loss the holder may be the ghost of this very browser.
            self._queued = []
            answer = partial(self._holder_answered, name, holder)
            holder.socket.check_alive(ALIVE_S, answer)

    def _holder_answered(self, name: str, holder: DirectSocket, alive: bool) -> None:
        queued, self._queued = self._queued or [], None
        if self.socket.reason is not None:  # gone meanwhile: a name is nothing to it
            return
        still_held = self._direct.holder_of(name) is holder
        if alive and still_held:
            self.socket.emit("login_error", codec.NAME_TAKEN)
        else:
            if still_held:
                holder.socket.disconnect(close_engine=True)  # it leaves, and the name is free
            self._login([name])
        for index, (event, args) in enumerate(queued):
            if self._queued is not None:  # a login among them waits again
                self._queued.extend(queued[index:])
                return
            self._handle(event, args)

    def _refused(self, refusal: ChatError) -> None:
        self.socket.emit("error", explain(refusal))

    def _over_rate(self) -> bool:
        allowance = self._allowance
        if not allowance or not (wait_s := allowance.take(self._direct.ctx.monotonic_s())):
            return False
        self.socket.emit("error", too_fast(wait_s))
        if allowance.spent:
            self.socket.disconnect(close_engine=True)
        return True
