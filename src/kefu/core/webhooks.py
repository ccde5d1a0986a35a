"""Webhooks: how a delivery is signed, when it is tried again, when a receiver is left alone.

Rules: signatures as Standard Webhooks says, so receivers can use its libraries. An event is tried
for at most ``GIVE_UP_MS``. A receiver that keeps failing is tried by one delivery at a time until
it answers (``Breaker``); one that says 410 Gone is not tried again. Time, random bytes and jitter
are arguments.
Not here: sending (``outbound.fetch``), which URLs are safe (``core.urls``), the delivery log.
Source: https://www.standardwebhooks.com, version 1.0.0.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

import msgspec

from kefu.core.errors import BadInput
from kefu.core.times import clamped

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
SECRET_PREFIX = "whsec_"  # noqa: S105  (no secret: what each begins with)
MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64
TOLERANCE_S = 300

_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1_000, 60_000, 3_600_000
GIVE_UP_MS = 24 * _HOUR_MS
MAX_RETRY_AFTER_MS = _HOUR_MS
_WAITS_MS = (  # after the first failed attempt, the second …; 23 h 42 min in all
    5 * _SECOND_MS,
    30 * _SECOND_MS,
    2 * _MINUTE_MS,
    10 * _MINUTE_MS,
    30 * _MINUTE_MS,
    1 * _HOUR_MS,
    2 * _HOUR_MS,
    *(4 * _HOUR_MS,) * 5,
)

BREAKER_FAILURES = 5  # in a row, of any events; then the receiver is left alone
_OPEN_MS = (30 * _SECOND_MS, 1 * _MINUTE_MS, 2 * _MINUTE_MS, 5 * _MINUTE_MS, 15 * _MINUTE_MS)
TRIAL_MS = 60 * _SECOND_MS  # for one trial's answer; after it another may begin


class Outcome(StrEnum):
    """What an answer's status means for the delivery."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"  # the receiver wants no more of this webhook


class Circuit(StrEnum):
    """Whether a webhook's receiver is sent anything."""

    CLOSED = "closed"  # everything
    OPEN = "open"  # nothing for now
    HALF_OPEN = "half_open"  # one delivery, as a trial
    DISABLED = "disabled"  # nothing, until a person enables the webhook


class Breaker(msgspec.Struct, frozen=True):
    """What is remembered of a webhook's failures. ``Breaker()`` is closed."""

    failures: int = 0  # in a row, while closed
    openings: int = 0  # in a row; 0 = closed
    open_until_ms: int = 0  # Unix; of a trial: when it counts as lost
    trial: bool = False
    disabled: bool = False


def make_secret(random_bytes: bytes) -> str:
    """A signing secret: ``whsec_`` and the base64 of 24 to 64 random bytes."""
    if not MIN_SECRET_BYTES <= len(random_bytes) <= MAX_SECRET_BYTES:
        raise BadInput("a webhook secret has 24 to 64 bytes")
    return SECRET_PREFIX + b64encode(random_bytes).decode()


def read_secret(secret: str) -> bytes:
    """The key in a secret of ``make_secret``'s form. Raises BadInput."""
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not (
        MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES
    ):
        raise BadInput("a webhook secret is whsec_ and the base64 of 24 to 64 bytes")
    return key


def sign(secrets: Sequence[str], event_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt, with a signature for each live secret.

    ``timestamp_s`` is the time of this attempt (Unix), ``event_id`` the same for all attempts.
    Raises BadInput: a secret is not of the form.
    """
    return {
        ID_HEADER: event_id,
        TIMESTAMP_HEADER: str(timestamp_s),
        SIGNATURE_HEADER: " ".join(
            _signature(secret, event_id, str(timestamp_s), body) for secret in secrets
        ),
    }


def verify(
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    now_s: float,
    tolerance_s: float = TOLERANCE_S,
) -> bool:
    """Whether one of ``secrets`` signed ``body`` within ``tolerance_s`` of ``now_s``.

    ``headers`` as ``sign`` makes them, their names in any case. Takes as long for a wrong
    signature as for a right one.
    """
    given = {name.lower(): value for name, value in headers.items()}
    event_id, sent = given.get(ID_HEADER, ""), given.get(TIMESTAMP_HEADER, "")
    if not event_id or not (sent.isascii() and sent.isdigit() and len(sent) <= 12):
        return False
    expected = [_signature(secret, event_id, sent, body).encode() for secret in secrets]
    matches = [
        hmac.compare_digest(signature.encode(), ours)
        for signature in given.get(SIGNATURE_HEADER, "").split(" ")
        for ours in expected
    ]
    return any(matches) and abs(now_s - int(sent)) <= tolerance_s


def outcome(status: int) -> Outcome:
    """What an HTTP status means. Redirects are not followed, so they are failures."""
    if 200 <= status <= 299:
        return Outcome.DELIVERED
    return Outcome.GONE if status == 410 else Outcome.RETRY


def next_attempt(
    attempts: int, first_ms: int, now_ms: int, jitter: float, *, retry_after_ms: int = 0
) -> int | None:
    """When to try again (Unix ms) after a failure at ``now_ms``, or None to give up.

    Args:
        attempts: made so far, at least 1.
        first_ms: when the first was made.
        jitter: 0.0 to 1.0; shortens the wait by up to a quarter, so that failures do not return
            in step.
        retry_after_ms: what ``read_retry_after`` made of the answer; the wait is no shorter.
    """
    wait_ms = longest_wait_ms(attempts) * (1 - jitter / 4)
    due_ms = now_ms + max(round(wait_ms), retry_after_ms)
    return due_ms if due_ms <= first_ms + GIVE_UP_MS else None


def longest_wait_ms(attempts: int) -> int:
    """How long the wait after this many attempts, at least 1, can be."""
    return _WAITS_MS[min(attempts, len(_WAITS_MS)) - 1]


def read_retry_after(header: str, now_ms: int) -> int:
    """How long an answer's ``Retry-After`` asks to wait: ms, at most an hour, 0 if it says nothing.

    Both forms: seconds, and a date.
    """
    header = header.strip()
    if header.isascii() and header.isdigit():
        wait_ms = int(header[:9]) * _SECOND_MS
    else:
        try:
            at = parsedate_to_datetime(header)
            wait_ms = round(at.replace(tzinfo=at.tzinfo or UTC).timestamp() * 1000) - now_ms
        except (ValueError, OverflowError):
            wait_ms = 0
    return max(0, min(wait_ms, MAX_RETRY_AFTER_MS))


def circuit(breaker: Breaker, now_ms: int) -> Circuit:
    """The state of ``breaker`` now."""
    if breaker.disabled:
        return Circuit.DISABLED
    if not breaker.openings:
        return Circuit.CLOSED
    return Circuit.OPEN if now_ms < breaker.open_until_ms else Circuit.HALF_OPEN


def begin(breaker: Breaker, now_ms: int) -> Breaker | None:
    """Ask to send. Returns the breaker to keep, or None: nothing is to be sent now.

    Half-open, the first that asks becomes the trial and the others wait for it: for ``TRIAL_MS``
    at most, so a trial that died with its process holds nothing up.
    """
    match circuit(breaker, now_ms):
        case Circuit.CLOSED:
            return breaker
        case Circuit.HALF_OPEN:
            return msgspec.structs.replace(breaker, trial=True, open_until_ms=now_ms + TRIAL_MS)
    return None


def clamped_breaker(breaker: Breaker, now_ms: int) -> Breaker:
    """``breaker``, open no longer than it can be from now on: the clock may have been set back."""
    if not breaker.openings:
        return breaker
    longest_ms = TRIAL_MS if breaker.trial else _open_ms(breaker.openings)
    until_ms = clamped(breaker.open_until_ms, now_ms, longest_ms)
    return msgspec.structs.replace(breaker, open_until_ms=until_ms)


def succeeded(breaker: Breaker) -> Breaker:
    """After a delivery: closed. A webhook disabled meanwhile stays so."""
    return breaker if breaker.disabled else Breaker()


def failed(breaker: Breaker, now_ms: int) -> Breaker:
    """After a failure: one more, or open, and longer each time a trial fails."""
    if breaker.disabled:
        return breaker
    if not breaker.openings and breaker.failures + 1 < BREAKER_FAILURES:
        return msgspec.structs.replace(breaker, failures=breaker.failures + 1)
    if breaker.openings and not breaker.trial:
        return breaker  # had begun before it opened, and tells nothing new
    return Breaker(
        failures=BREAKER_FAILURES,
        openings=breaker.openings + 1,
        open_until_ms=now_ms + _open_ms(breaker.openings + 1),
    )


def gone(breaker: Breaker) -> Breaker:
    """After 410 Gone: disabled, until a person puts ``Breaker()`` in its place."""
    return msgspec.structs.replace(breaker, disabled=True, trial=False)


def _open_ms(openings: int) -> int:
    return _OPEN_MS[min(openings, len(_OPEN_MS)) - 1]


def _signature(secret: str, event_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(read_secret(secret), signed, hashlib.sha256)).decode()
