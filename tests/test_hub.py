"""Who is connected, and who is told of everything."""

from __future__ import annotations

from typing import Any

from kefu.core.conversation import Conversation, Kind, Member, Message, Role
from kefu.hub import DESK_CHANNEL, Encoded, Hub, agent_channel, inbox_channel

DESK = Conversation("desk:1", Kind.DESK, (), inbox_id=3, contact_id=9)
HELLO = Message(1, DESK.key, 1, Member(Role.VISITOR, "Li", 9), "a", "hello", 0)


class Console:
    """A connection that hears and listens, and says so in ``heard``."""

    def __init__(self, heard: list[Any]) -> None:
        self.heard = heard

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        self.heard.append(channel)

    def signalled(self, channel: str, signal: object, encoded: Encoded) -> None:
        self.heard.append(signal)

    def revoked(self, reason: str) -> None:
        self.heard.append(reason)


def test_an_agent_is_connected_while_any_console_listens():
    hub, one, other = Hub(), Console([]), Console([])
    connected = hub.connected_agents
    assert connected == set()
    hub.listen(agent_channel(7), one)
    hub.listen(agent_channel(7), other)
    hub.listen(agent_channel(8), one)
    assert connected == {7, 8}
    hub.ignore(agent_channel(7), one)
    assert connected == {7, 8}
    hub.ignore(agent_channel(7), other)
    assert connected == {8}
    hub.ignore(agent_channel(7), other)  # once more does no harm
    assert connected == {8}


def test_other_channels_make_nobody_connected():
    hub = Hub()
    hub.listen("team", Console([]))
    hub.listen("contact:7", Console([]))
    assert hub.connected_agents == set()


def test_a_watcher_is_told_of_every_entry_after_those_who_hear_it():
    hub = Hub()
    heard: list[Any] = []
    hub.subscribe(inbox_channel(3), Console(heard))
    hub.watch(lambda conversation, message: heard.append((conversation.key, message.seq)))
    hub.publish(DESK, HELLO)
    assert heard == [inbox_channel(3), ("desk:1", 1)]


def test_who_hears_the_whole_desk_hears_inboxes_that_are_made_later():
    hub = Hub()
    heard: list[Any] = []
    hub.subscribe(DESK_CHANNEL, Console(heard))
    for inbox_id in (3, 4):
        hub.publish(Conversation(f"desk:{inbox_id}", Kind.DESK, (), inbox_id, 9), HELLO)
    hub.publish(Conversation("direct:a:b", Kind.DIRECT, (Member(Role.PEER, "a"),)), HELLO)
    assert heard == [DESK_CHANNEL, DESK_CHANNEL]


def test_who_comes_and_who_is_gone_is_told_once():
    hub, one, other = Hub(), Console([]), Console([])
    told: list[tuple[int, bool]] = []
    hub.watch_agents(lambda id: told.append((id, id in hub.connected_agents)))
    for console in (one, other):
        hub.listen(agent_channel(7), console)
    for console in (one, other, other):
        hub.ignore(agent_channel(7), console)
    assert told == [(7, True), (7, False)]
