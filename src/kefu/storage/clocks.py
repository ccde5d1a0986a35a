"""What becomes of the times that are stored when the server's clock is set.

Rules: every time in the schema has a rule (``RULES``; a test holds the list complete). What is due
is never farther away than its wait is long, and what is past is never to come: what a clock that
was ahead has left is mended (``mend``), at each start and every minute.
Not here: the arithmetic (``core.times``), when it is done (``actions.sweeps``).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Table,
    case,
    cast,
    literal,
    select,
    update,
)

from kefu.core.limits import Limits
from kefu.core.offers import LONGEST_MS
from kefu.core.times import SLACK_MS
from kefu.core.webhooks import clamped_breaker, longest_wait_ms
from kefu.storage.letters import TEAM_EVERY_MS, Letters
from kefu.storage.schema import (
    agent,
    api_token,
    chat_link,
    conversation,
    delivery,
    letter,
    login_attempt,
    one_time_link,
    session,
)
from kefu.storage.webhooks import list_hooks, set_hook

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000


class Rule(StrEnum):
    """How a stored time is used."""

    TOLD = "told"  # shown to people; not compared with the time it is
    CHOSEN = "chosen"  # by a person, as a date: it holds by whatever clock
    LASTS = "lasts"  # how long something is kept or allowed; a clock set back makes it last longer
    SINCE = "since"  # a wait is counted from it, by ``core.times.passed``
    DUE = "due"  # mended: something happens then, and never later than its longest wait
    PAST = "past"  # mended: something was then, so it is never to come


RULES: dict[str, Rule] = {
    "agent.assigned_ms": Rule.PAST,
    "agent.created_ms": Rule.TOLD,
    "agent.gone_ms": Rule.PAST,
    "answer.at_ms": Rule.LASTS,
    "api_token.created_ms": Rule.TOLD,
    "api_token.expires_ms": Rule.CHOSEN,
    "api_token.used_ms": Rule.PAST,
    "audit.at_ms": Rule.TOLD,
    "chat_link.expires_ms": Rule.DUE,
    "contact.blocked_ms": Rule.TOLD,
    "contact.consent_ms": Rule.TOLD,
    "contact.created_ms": Rule.TOLD,
    "contact.seen_ms": Rule.LASTS,  # until it is noted anew
    "conversation.created_ms": Rule.TOLD,
    "conversation.offer_until_ms": Rule.DUE,
    "conversation.offered_ms": Rule.SINCE,
    "conversation.queued_ms": Rule.TOLD,  # the queue's order is ``queued_id``
    "conversation.reopen_until_ms": Rule.LASTS,
    "conversation.snoozed_until_ms": Rule.DUE,  # by ``sweeping``, since a return is told
    "conversation.waiting_ms": Rule.SINCE,
    "delivery.begun_ms": Rule.LASTS,
    "delivery.created_ms": Rule.LASTS,
    "delivery.done_ms": Rule.TOLD,
    "delivery.next_ms": Rule.DUE,
    "delivery.tried_ms": Rule.PAST,
    "device.created_ms": Rule.TOLD,
    "file.created_ms": Rule.LASTS,
    "identity_key.created_ms": Rule.TOLD,
    "inbox.created_ms": Rule.TOLD,
    "letter.created_ms": Rule.LASTS,
    "letter.done_ms": Rule.TOLD,
    "letter.next_ms": Rule.DUE,
    "login_attempt.at_ms": Rule.PAST,
    "mention.read_ms": Rule.TOLD,
    "message.deleted_ms": Rule.TOLD,
    "message.edited_ms": Rule.TOLD,
    "message.sent_ms": Rule.SINCE,
    "message_version.until_ms": Rule.TOLD,
    "one_time_link.expires_ms": Rule.DUE,
    "rating.rated_ms": Rule.SINCE,
    "revocation.at_ms": Rule.LASTS,
    "saved_view.created_ms": Rule.TOLD,
    "session.created_ms": Rule.TOLD,
    "session.expires_ms": Rule.DUE,
    "session.seen_ms": Rule.PAST,
    "webhook.created_ms": Rule.TOLD,
}


class _Mend(NamedTuple):
    table: Table
    wrong: ColumnElement[bool]
    right: dict[str, Any]


def is_wrong(conn: Connection, now_ms: int, limits: Limits) -> bool:
    """Whether a clock that was ahead has left something to ``mend``."""
    for table, wrong, _ in _mends(now_ms, limits):
        if conn.execute(select(table.c.id).where(wrong).limit(1)).first() is not None:
            return True
    return any(hook.breaker != clamped_breaker(hook.breaker, now_ms) for hook in list_hooks(conn))


def mend(conn: Connection, now_ms: int, limits: Limits) -> None:
    """Bring every time that is due or past to where it can be."""
    for table, wrong, right in _mends(now_ms, limits):
        conn.execute(update(table).where(wrong).values(right))
    for hook in list_hooks(conn):
        if (breaker := clamped_breaker(hook.breaker, now_ms)) != hook.breaker:
            set_hook(conn, hook.id, breaker=breaker)


def _mends(now_ms: int, limits: Limits) -> Iterator[_Mend]:
    yield _latest(session.c.expires_ms, now_ms, limits.session_days * _DAY_MS)
    yield _latest(one_time_link.c.expires_ms, now_ms, limits.link_hours * _HOUR_MS)
    yield _latest(chat_link.c.expires_ms, now_ms, limits.chat_link_days * _DAY_MS)
    yield _latest(conversation.c.offer_until_ms, now_ms, LONGEST_MS)
    for past in (
        agent.c.assigned_ms,
        agent.c.gone_ms,
        api_token.c.used_ms,
        login_attempt.c.at_ms,
        session.c.seen_ms,
    ):
        yield _latest(past, now_ms, 0)
    # A delivery knows how long its wait is: since its last try.
    tried_late = (delivery.c.next_ms > now_ms) & (delivery.c.tried_ms > now_ms + SLACK_MS)
    wait = delivery.c.next_ms - delivery.c.tried_ms
    yield _Mend(delivery, tried_late, {"next_ms": now_ms + wait, "tried_ms": now_ms})
    due = literal(now_ms, BigInteger) + _letters_wait(limits)
    yield _Mend(letter, letter.c.next_ms > due + SLACK_MS, {"next_ms": due})


def _latest(column: Column[int], now_ms: int, longest_ms: float) -> _Mend:
    latest_ms = now_ms + round(longest_ms)
    return _Mend(column.table, column > latest_ms + SLACK_MS, {column.name: latest_ms})


def _letters_wait(limits: Limits) -> ColumnElement[int]:
    """How long the wait of a letter can be: for its contact to read, or after its last failure."""
    team = ((letter.c.attempts == 0) & (letter.c.kind == Letters.TEAM), TEAM_EVERY_MS)
    first = (letter.c.attempts == 0, round(limits.answer_mail_s * 1000))
    waits = [(letter.c.attempts == n, longest_wait_ms(n)) for n in range(1, 12)]
    return cast(case(team, first, *waits, else_=longest_wait_ms(12)), BigInteger)
