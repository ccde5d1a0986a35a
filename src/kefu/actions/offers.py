"""Offers: accepted, declined, held, and ended when nobody answers them.

Rules: an offer that nobody answers goes back to its place in the queue, and so does that of an
agent who is gone. All that decides it is in the store: a server that was killed goes on where it
was. Whoever lets ``MISSES`` in a row pass is away from then on, so that nothing is offered for ever
to a page that somebody left open.
Not here: how long an offer stands (``core.offers``), who is offered what (``actions.assignment``).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, Tx, commit
from kefu.actions.handling import OneConversation, as_person, held_by, move, person_at_desk, record
from kefu.core.actors import Agent, Standing
from kefu.core.desk import Activity, Availability, Conversation, Details, Time, Value, at
from kefu.core.errors import Conflict, IllegalState
from kefu.core.offers import held_until
from kefu.core.permissions import Place
from kefu.core.signals import Presence
from kefu.core.states import Move, Status
from kefu.hub import TEAM_CHANNEL
from kefu.storage import desk, holding, offers, states
from kefu.storage.agents import get_agent
from kefu.storage.holding import Held
from kefu.storage.moving import Step, take_steps
from kefu.storage.turns import NO_TURN

MOST_AT_ONCE = 50


class OfferHeld(Value, frozen=True):
    """When the offer ends."""

    expires_at: Time


async def accept_conversation(call: Call, do: OneConversation) -> Conversation:
    """Accept what was offered to you; after that it cannot be declined."""
    return await commit(call, partial(_accept, do=do))


async def decline_conversation(call: Call, do: OneConversation) -> Conversation:
    """Give back what was offered to you: it keeps its place and is not offered to you again."""
    return await commit(call, partial(_decline, do=do))


async def hold_conversation(call: Call, do: OneConversation) -> OfferHeld:
    """Keep an offer for ten more seconds, while its button is held or its answer written.

    At most for 45 s after the time that every offer has.
    """
    return await commit(call, partial(_hold, do=do))


def _accept(tx: Tx, do: OneConversation) -> Conversation:
    me, held = person_at_desk(tx), held_by(tx, do.conversation)
    _check_offered(held, me)
    if held.turn is not None:
        states.change(tx.conn, held.id, **NO_TURN)
        offers.forgive_missed(tx.conn, me.id)
        record(tx, held.id, Activity(what="accepted", agent=as_person(me)))
    return desk.get_conversation(tx.conn, held.id)


def _decline(tx: Tx, do: OneConversation) -> Conversation:
    me, held = person_at_desk(tx), held_by(tx, do.conversation)
    _check_offered(held, me)
    if held.turn is None:
        raise IllegalState("You have accepted it: transfer it, or put it back into the queue.")
    offers.add_declined(tx.conn, held.id, me.id)
    offers.forgive_missed(tx.conn, me.id)
    values = Details(reason="declined", from_=me.id)
    activity = Activity(what="queued", team=held.team_id, values=values)
    move(tx, held.id, Move.ENQUEUE, activity, **held.turn.columns())
    return desk.get_conversation(tx.conn, held.id)


def _hold(tx: Tx, do: OneConversation) -> OfferHeld:
    me, held = person_at_desk(tx), held_by(tx, do.conversation)
    _check_offered(held, me)
    if held.offered_ms is None or held.offer_until_ms is None:
        raise IllegalState("You have accepted it.")
    until_ms = held_until(held.offered_ms, held.offer_until_ms, tx.now_ms)
    states.change(tx.conn, held.id, offer_until_ms=until_ms)
    return OfferHeld(expires_at=at(until_ms))


async def hold_by_typing(call: Call, place: Place) -> None:
    """Hold the conversation that the actor types in, if it is offered to them."""
    if not isinstance(call.actor, Agent) or place.assignee_id != call.actor.id:
        return
    held = await call.read(lambda conn: holding.get_held(conn, place.id))
    until_ms = held.offer_until_ms
    if held.offered_ms is None or until_ms is None:
        return
    if held_until(held.offered_ms, until_ms, call.ctx.now_ms()) > until_ms:
        with suppress(Conflict, IllegalState):  # answered or over meanwhile
            await hold_conversation(call, OneConversation(conversation=place.id))


def _check_offered(held: Held, me: Agent) -> None:
    if held.status is not Status.OPEN or held.assignee_id != me.id:
        raise Conflict("It is not yours (any more).")


async def end_offers(ctx: Context) -> int | None:
    """End those whose time is over; return when (Unix ms) the next one ends, None: never."""
    over = MOST_AT_ONCE
    while over == MOST_AT_ONCE:
        over = await commit(Call(ctx, Standing.SERVER), _end_some)
    return await ctx.database.read(offers.next_over_ms)


def _end_some(tx: Tx) -> int:
    over = offers.list_over(tx.conn, tx.now_ms, MOST_AT_ONCE)
    if not over:
        return 0
    tx.entries += take_steps(tx.conn, [_step(one) for one in over], tx.now_ms)
    missed = [one for one in over if not one.gone]
    for one in missed:
        offers.add_missed(tx.conn, one.id, one.agent_id)
    # Several that pass at once are one miss: nobody can answer them all.
    for agent_id in offers.count_missed(tx.conn, {one.agent_id for one in missed}):
        tx.after.append(_telling(tx, agent_id))
    return len(over)


def _step(over: offers.Offer) -> Step:
    values = Details(reason="gone" if over.gone else "missed", from_=over.agent_id)
    activity = Activity(what="queued", team=over.team_id, status=Status.QUEUED, values=values)
    columns = {"status": Status.QUEUED, "assignee_id": None, **over.turn.columns()}
    return Step(over.id, activity, columns)


def _telling(tx: Tx, agent_id: int) -> partial[None]:
    """Tell the team that this agent is away: no other change of theirs would."""
    hub, missed = tx.call.ctx.hub, get_agent(tx.conn, agent_id).missed
    presence = Presence(
        agent=agent_id,
        availability=Availability.AWAY,
        connected=agent_id in hub.connected_agents,
        missed=missed,
    )
    return partial(hub.signal, [TEAM_CHANNEL], presence)


COMMANDS = tuple(
    Command(
        f"conversation.{name}",
        act,
        "POST",
        f"/conversations/{{conversation}}/{name}",
        {"conversation": 17},
        errors=(Conflict, IllegalState),
    )
    for name, act in (
        ("accept", accept_conversation),
        ("decline", decline_conversation),
        ("hold", hold_conversation),
    )
)
