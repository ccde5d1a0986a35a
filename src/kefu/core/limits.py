"""Every limit in one place, and how a rate is counted.

Rules: ``Limits`` is what ``GET /api/v1/limits`` publishes and what docs/configuration.md lists; a
limit that is not here does not exist. Time is an argument (seconds of any monotonic clock).
Not here: what exceeding a limit looks like on the wire (``gateways``), the transports' own
enforcement.
"""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from kefu.core.errors import TooMany
from kefu.net.clients import network_of

KNOWN_TOKENS = 10_000  # that were right lately


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one client may use. Bytes, seconds and counts as the names say."""

    connections: int = 0  # in all; 0 = what the operating system's file limit allows
    connections_per_address: int = 1_000
    message_bytes: int = 65_536  # one WebSocket message or Engine.IO packet
    polling_bytes: int = 1_000_000  # one Engine.IO polling request
    outbox_bytes: int = 1_048_576  # not yet read by a client; over it the client is closed as slow
    head_bytes: int = 65_536  # one HTTP request head
    target_bytes: int = 8_192  # the path and query of one request
    head_s: float = 20.0  # until a request head must be complete
    messages_per_s: float = 100.0  # per connection, after a burst
    messages_burst: int = 1_000
    refusals: int = 10_000  # of one connection, for its rate; then it is closed
    idle_frames_per_s: float = 50.0  # of one connection that say nothing, after a burst
    idle_frames_burst: int = 1_000
    room_requests_per_s: float = 5.0  # /getroom, per address, after a burst
    room_requests_burst: int = 200
    pending_messages: int = 10_000  # waiting for the store; over it a send is refused
    request_bytes: int = 262_144  # the JSON of one REST request
    commands_per_s: float = 20.0  # of one agent or visitor, over all transports, after a burst
    commands_burst: int = 400
    commands_per_address_per_s: float = 200.0  # of all who share an address, after a burst
    commands_per_address_burst: int = 4_000
    bad_tokens_per_s: float = 0.5  # look-ups that fail, per address, after a burst
    bad_tokens_burst: int = 60
    file_bytes: int = 20_000_000  # one upload
    image_pixels: int = 40_000_000  # of an image that is still shown as one
    uploads_per_hour: int = 100  # of one agent or visitor
    uploads_per_address_per_hour: int = 1_000
    file_link_s: float = 3_600.0  # how long a link to a file holds at most, and half of it at least
    login_attempts: int = 10  # wrong passwords in login_window_s, per account and per address
    login_window_s: float = 300.0
    session_days: float = 30.0  # from the login on
    session_idle_days: float = 7.0  # without a request or a connection
    link_hours: float = 72.0  # how long an invitation or a link to set a password holds
    message_chars: int = 10_000  # of one message's text
    message_files: int = 10
    mentions: int = 20  # in one note
    reaction_kinds: int = 20  # different emoji at one message
    edit_s: float = 900.0  # how long visitors may edit and delete what they wrote
    live_conversations: int = 20  # of one contact, that are not resolved
    rating_s: float = 86_400.0  # how long a rating can be changed
    typing_per_s: float = 1.0  # of one person in one conversation; more are not told
    hello_s: float = 10.0  # realtime: until a connection must have said who it is
    connections_per_actor: int = 50  # realtime: of one agent or visitor; one more is closed
    pending_commands: int = 50  # realtime: of one connection, not answered yet; one more is refused
    open_conversations: int = 100  # realtime: of one connection; one more is refused
    resume_entries: int = 50_000  # a cursor that is further behind than this is expired
    webhooks: int = 50
    delivery_log_days: float = 30.0  # how long it is known what became of a webhook's deliveries
    bot_answer_s: float = 60.0  # then a conversation that a bot does not answer goes to people
    answer_mail_s: float = 120.0  # an answer not read: then a visitor who is away gets mail
    transcripts_per_day: int = 3  # by mail, of one contact and to one address
    snooze_days: float = 366.0  # how far ahead a conversation may be snoozed
    answer_hours: float = 24.0  # how long a repeat by Idempotency-Key gets the first answer
    chat_link_days: float = 7.0  # how long a link in a letter opens the conversation


class Bucket:
    """A token bucket: ``burst`` at once, then ``per_s`` a second."""

    __slots__ = ("_at_s", "_burst", "_level", "_per_s")

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._level = self._burst
        self._at_s = 0.0

    def take(self, now_s: float) -> float:
        """Take one token. Returns 0.0, or the seconds until there is one if there is none."""
        level = self._level + (now_s - self._at_s) * self._per_s
        self._at_s = now_s
        if level > self._burst:
            level = self._burst
        if level < 1.0:
            self._level = level
            return (1.0 - level) / self._per_s
        self._level = level - 1.0
        return 0.0

    def wait_s(self, now_s: float) -> float:
        """As ``take``, without taking it."""
        level = min(self._burst, self._level + (now_s - self._at_s) * self._per_s)
        return max(0.0, (1.0 - level) / self._per_s)


class Allowance:
    """What one connection may still say; ``spent`` once it has asked for far too much."""

    __slots__ = ("_bucket", "_refusals_left")

    def __init__(self, limits: Limits) -> None:
        self._bucket = Bucket(limits.messages_per_s, limits.messages_burst)
        self._refusals_left = limits.refusals

    def take(self, now_s: float) -> float:
        """As ``Bucket.take``, for one message."""
        wait_s = self._bucket.take(now_s)
        if wait_s:
            self._refusals_left -= 1
        return wait_s

    @property
    def spent(self) -> bool:
        """Whether the connection has been refused so often that it is to be closed."""
        return self._refusals_left <= 0


class AddressBuckets:
    """A bucket per address or other key, for ``most`` of them: the one unused longest goes."""

    def __init__(self, per_s: float, burst: int, most: int = 10_000) -> None:
        self._per_s, self._burst, self._most = per_s, burst, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str, now_s: float) -> float:
        """As ``Bucket.take``, for this address."""
        bucket = self._buckets.pop(address, None) or Bucket(self._per_s, self._burst)
        self._buckets[address] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket.take(now_s)

    def wait_s(self, address: str, now_s: float) -> float:
        """As ``Bucket.wait_s``, for this address."""
        bucket = self._buckets.get(address)
        return bucket.wait_s(now_s) if bucket else 0.0


class Rates:
    """What each agent, visitor and address may still ask for, over all transports."""

    def __init__(self, limits: Limits) -> None:
        self._commands = AddressBuckets(limits.commands_per_s, limits.commands_burst)
        self._address_commands = AddressBuckets(
            limits.commands_per_address_per_s, limits.commands_per_address_burst
        )
        self._uploads = AddressBuckets(limits.uploads_per_hour / 3600, limits.uploads_per_hour)
        each_hour = limits.uploads_per_address_per_hour
        self._address_uploads = AddressBuckets(each_hour / 3600, each_hour)
        self._typing = AddressBuckets(limits.typing_per_s, burst=2)
        self._bad_tokens = AddressBuckets(limits.bad_tokens_per_s, limits.bad_tokens_burst)
        self._good_tokens: OrderedDict[str, None] = OrderedDict()

    def take_command(self, actor: str, address: str, now_s: float) -> None:
        """Count one command. ``actor``: a key; "" for whoever has none. Raises TooMany."""
        _take(self._address_commands, network_of(address), now_s)
        _take(self._commands, actor, now_s)

    def take_upload(self, actor: str, address: str, now_s: float) -> None:
        """Count one upload. Raises TooMany."""
        _take(self._address_uploads, network_of(address), now_s)
        _take(self._uploads, actor, now_s)

    def take_typing(self, actor: str, conversation_id: int, now_s: float) -> bool:
        """Whether it may be told again that ``actor`` types there."""
        return not self._typing.take(f"{actor} {conversation_id}", now_s)

    def check_token(self, token: str, address: str, now_s: float) -> None:
        """Raise TooMany if too many tokens from this address were wrong lately.

        Not for a ``token`` (its hash) that was right before: others there must not lock it out.
        """
        wait_s = (
            0.0
            if token in self._good_tokens
            else self._bad_tokens.wait_s(network_of(address), now_s)
        )
        if wait_s:
            raise TooMany(retry_s=wait_s)

    def count_token(self, token: str, address: str, now_s: float, *, good: bool) -> None:
        """A token from this address was looked up."""
        self._good_tokens.pop(token, None)
        if good:
            self._good_tokens[token] = None
            if len(self._good_tokens) > KNOWN_TOKENS:
                self._good_tokens.popitem(last=False)
        else:
            self._bad_tokens.take(network_of(address), now_s)


def _take(buckets: AddressBuckets, key: str, now_s: float) -> None:
    wait_s = buckets.take(key, now_s) if key else 0.0
    if wait_s:
        raise TooMany(retry_s=wait_s)
