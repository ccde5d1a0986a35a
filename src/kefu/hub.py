"""The local connections: who on this server hears of what.

Rules: a look-up is O(1) and an entry reaches its own subscribers only; nothing scans all
connections. An entry is encoded once per way of showing it: subscribers share the ``encoded`` dict
of one delivery. A subscriber never waits and never raises; its transport's bounded buffer is its
outbox. Signals (typing, presence, receipts) are not stored: whoever is not there misses them.
Not here: what an entry looks like (``gateways.*.codec``), other servers (a bus will stand between
``actions`` and here).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Set
from typing import Protocol, TypeVar

import msgspec

from kefu.core.actors import Actor, Agent, Visitor
from kefu.core.conversation import Conversation, Kind, Message
from kefu.core.desk import Event

Encoded = dict[object, object]
_T = TypeVar("_T")


class Subscriber(Protocol):
    """One connection that hears channels."""

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        """Show a committed entry. ``encoded`` keeps what another subscriber encoded already.

        Under ``EVENT`` it has the entry's event for the team, if the entry is more than a message.
        """
        ...


class Listener(Protocol):
    """One connection that hears signals."""

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        """Show ``signal``, best effort."""
        ...

    def revoked(self, reason: str) -> None:
        """What the connection was let in for does not hold any more: close it."""
        ...


EVENT = "event"  # key of ``encoded``
AGENT = "agent"  # what agents' channels begin with
Watcher = Callable[[Conversation, Message], None]


def direct_channel(name: str) -> str:
    """The channel on which a person of the direct protocol hears all their conversations."""
    return f"{Kind.DIRECT}:{name}"


def inbox_channel(inbox_id: int) -> str:
    """The channel of everything in an inbox; 0: that of the rooms protocol."""
    return f"inbox:{inbox_id or Kind.ROOMS}"


def contact_channel(contact_id: int) -> str:
    """The channel of all of one contact's conversations."""
    return f"contact:{contact_id}"


def agent_channel(agent_id: int) -> str:
    """The channel of what concerns one agent."""
    return f"{AGENT}:{agent_id}"


def session_channel(session_id: int) -> str:
    """The channel of what concerns one session of an agent."""
    return f"session:{session_id}"


def token_channel(token_id: int) -> str:
    """The channel of what concerns one API token."""
    return f"token:{token_id}"


def device_channel(token_hash: str) -> str:
    """The channel of what concerns one browser of a visitor, registered or not."""
    return f"device:{token_hash}"


def visitors_channel(inbox_id: int) -> str:
    """The channel of what concerns every visitor of an inbox, those who have not written, too."""
    return f"visitors:{inbox_id}"


def access_channels(actor: Actor) -> tuple[str, ...]:
    """Where the end of ``actor``'s access is told: a connection must listen on all of them."""
    match actor:
        case Agent(id=id, session_id=int(session_id)):
            return agent_channel(id), session_channel(session_id)
        case Agent(id=id, token_id=int(token_id)):
            return agent_channel(id), token_channel(token_id)
        case Agent(id=id):
            return (agent_channel(id),)
        case Visitor(contact_id=0, inbox_id=inbox_id, token_hash=token_hash):
            return device_channel(token_hash), visitors_channel(inbox_id)
        case Visitor(contact_id=contact_id, inbox_id=inbox_id, token_hash=token_hash):
            named = device_channel(token_hash), visitors_channel(inbox_id)
            return contact_channel(contact_id), *named
    return ()


TEAM_CHANNEL = "team"  # signals to everybody of the team: presence
DESK_CHANNEL = "desk"  # everything in every inbox, those to come included
_REVOCATIONS = 1_000  # remembered, so that one heard twice closes nothing twice


def channels(conversation: Conversation) -> tuple[str, ...]:
    """Where an entry of ``conversation`` is heard."""
    match conversation.kind:
        case Kind.DIRECT:
            return tuple(direct_channel(member.name) for member in conversation.members)
        case Kind.ROOMS:
            return (conversation.key, inbox_channel(0), DESK_CHANNEL)
    inbox, contact = conversation.inbox_id, conversation.contact_id
    return (conversation.key, inbox_channel(inbox), DESK_CHANNEL, contact_channel(contact))


class Hub:
    """Subscriptions by channel."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[Subscriber, int]] = {}  # with how often it subscribed
        self._signals: dict[str, dict[Listener, int]] = {}
        self._agents: set[int] = set()
        self._agent_watchers: list[Callable[[int], None]] = []
        self._watchers: list[Watcher] = []
        self._revoked: deque[int] = deque(maxlen=_REVOCATIONS)
        self.heard = 0  # every revocation up to this number was told to whoever listens

    def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        """From now on ``subscriber`` hears ``channel``."""
        _add(self._channels, channel, subscriber)

    def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        """The opposite of one ``subscribe``; no error if it was not subscribed."""
        _remove(self._channels, channel, subscriber)

    def listen(self, channel: str, listener: Listener) -> None:
        """From now on ``listener`` hears the signals of ``channel``."""
        _add(self._signals, channel, listener)
        agent_id = agent_of_channel(channel)
        if agent_id is not None and agent_id not in self._agents:
            self._agents.add(agent_id)
            self._tell_of(agent_id)

    def ignore(self, channel: str, listener: Listener) -> None:
        """The opposite of one ``listen``."""
        _remove(self._signals, channel, listener)
        agent_id = agent_of_channel(channel)
        if agent_id is not None and agent_id in self._agents and channel not in self._signals:
            self._agents.discard(agent_id)
            self._tell_of(agent_id)

    @property
    def connected_agents(self) -> Set[int]:
        """The ids of the agents of whom somebody listens on ``agent_channel``, at any moment."""
        return self._agents

    def watch_agents(self, watcher: Callable[[int], None]) -> None:
        """From now on ``watcher`` is told the id of an agent who connects or is gone.

        It must be quick, and must not raise.
        """
        self._agent_watchers.append(watcher)

    def watch(self, watcher: Watcher) -> None:
        """From now on ``watcher`` is told of every published entry, after its subscribers are.

        For what the server itself does about entries; it must be quick, and must not raise.
        """
        self._watchers.append(watcher)

    def listens(self, channel: str) -> bool:
        """Whether anybody hears the signals of ``channel``."""
        return channel in self._signals

    def publish(
        self, conversation: Conversation, message: Message, event: Event | None = None
    ) -> None:
        """Deliver a committed entry and what it caused to everybody who hears of it."""
        encoded: Encoded = {} if event is None else {EVENT: event}
        for channel in channels(conversation):
            for subscriber in tuple(self._channels.get(channel, ())):
                subscriber.deliver(channel, conversation, message, encoded)
        for watcher in self._watchers:
            watcher(conversation, message)
        for caused in message.then:
            self.publish(*caused)

    def signal(self, channel_names: Iterable[str], signal: msgspec.Struct) -> None:
        """Tell ``signal`` to everybody who listens on one of the channels."""
        encoded: Encoded = {}
        for channel in channel_names:
            for listener in tuple(self._signals.get(channel, ())):
                listener.signalled(channel, signal, encoded)

    def revoke(self, channel: str, reason: str, number: int = 0) -> bool:
        """Close every connection that listens on ``channel``.

        ``number``: of the stored revocation; one that was heard already closes nothing again.
        Returns whether this one is news.
        """
        if number in self._revoked:
            return False
        if number:
            self._revoked.append(number)
        for listener in tuple(self._signals.get(channel, ())):
            listener.revoked(reason)
        if number == self.heard + 1:  # else one before it may be another process's
            self.heard = number
        return True

    def caught_up(self, number: int) -> None:
        """Every revocation up to ``number`` was told, those of other processes included."""
        self.heard = max(self.heard, number)

    def _tell_of(self, agent_id: int) -> None:
        for watcher in self._agent_watchers:
            watcher(agent_id)


def agent_of_channel(channel: str) -> int | None:
    """The id of the agent whose channel this is; None: it is another's."""
    kind, _, id = channel.partition(":")
    return int(id) if kind == AGENT else None


def _add(channels: dict[str, dict[_T, int]], channel: str, one: _T) -> None:
    present = channels.setdefault(channel, {})
    present[one] = present.get(one, 0) + 1


def _remove(channels: dict[str, dict[_T, int]], channel: str, one: _T) -> None:
    present = channels.get(channel)
    if not present or one not in present:
        return
    present[one] -= 1
    if not present[one]:
        del present[one]
        if not present:
            del channels[channel]
