"""The local connections: who on this server hears of a message.

Rules: a look-up is O(1) and a message reaches its own subscribers only; nothing scans all
connections. A message is encoded once per way of showing it: subscribers share the ``encoded``
dict of one delivery. A subscriber never waits and never raises; its transport's bounded buffer is
its outbox.
Not here: what a message looks like (``gateways.*.codec``), other servers (a bus will stand between
``actions`` and here).
"""

from __future__ import annotations

from typing import Protocol

from kefu.core.conversation import Conversation, Kind, Message

Encoded = dict[object, object]


class Subscriber(Protocol):
    """One connection that hears channels."""

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        """Show a committed message. ``encoded`` keeps what another subscriber encoded already."""
        ...


def direct_channel(name: str) -> str:
    """The channel on which a person of the direct protocol hears all their conversations."""
    return f"{Kind.DIRECT}:{name}"


def channels(conversation: Conversation) -> tuple[str, ...]:
    """Where a message of ``conversation`` is heard."""
    if conversation.kind is Kind.DIRECT:
        return tuple(direct_channel(member.name) for member in conversation.members)
    return (conversation.key,)


class Hub:
    """Subscriptions by channel."""

    def __init__(self) -> None:
        self._channels: dict[str, list[Subscriber]] = {}

    def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        """From now on ``subscriber`` hears ``channel``."""
        self._channels.setdefault(channel, []).append(subscriber)

    def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        """The opposite of ``subscribe``; no error if it was not subscribed."""
        subscribers = self._channels.get(channel, [])
        if subscriber in subscribers:
            subscribers.remove(subscriber)
            if not subscribers:
                del self._channels[channel]

    def publish(self, conversation: Conversation, message: Message) -> None:
        """Deliver a committed message to everybody who hears its conversation."""
        encoded: Encoded = {}
        for channel in channels(conversation):
            for subscriber in tuple(self._channels.get(channel, ())):
                subscriber.deliver(channel, conversation, message, encoded)
