"""Who has a conversation: pick, assign, transfer, take over, hand off.

Rules: one transaction looks at the conversation and changes it, so of many who are after the same
one gets it and the others a Conflict. By hand, an agent's limit is no bar. Whose conversation
it is decides who may give it away: the agent who has it, or a supervisor. Each change is an entry
that says whom it went to, how and why. What is given to somebody who is not there goes to the front
of the queue. Conversations of the rooms protocol belong to whoever sits in the room.
Not here: the queue's own choice (``actions.assignment``), offers (``actions.offers``), other states
(``actions.status``).
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.actions.messages import check_words
from kefu.core.actors import Agent, AgentRole
from kefu.core.conversation import Entry, Kind, NewMessage
from kefu.core.desk import Activity, Conversation, Details, How, Person, What
from kefu.core.errors import BadInput, Conflict, IllegalState, NotAllowed
from kefu.core.offers import Whereabouts
from kefu.core.permissions import Action, check
from kefu.core.states import Move, Status
from kefu.storage import assigning, desk, holding, states
from kefu.storage.appending import append_entry
from kefu.storage.holding import Held
from kefu.storage.turns import NO_TURN, new_turn, offer

Text = Annotated[str, Meta(description="For the team, stored as a note.")]


class OneConversation(Form, frozen=True):
    """A conversation."""

    conversation: Id


class AssignConversation(OneConversation, frozen=True):
    """To whom: an agent, or a team's queue; with both, an agent of this team."""

    agent: Id | None = None
    team: Id | None = None


class TransferConversation(AssignConversation, frozen=True):
    """As to assign, with a word to whoever gets it."""

    note: Text | None = None


class HandOff(OneConversation, frozen=True):
    """From a bot to people."""

    team: Id | None = None
    note: Text | None = None


async def pick_conversation(call: Call, do: OneConversation) -> Conversation:
    """Take a conversation out of the queue; of many who try, one gets it."""
    return await commit(call, partial(_pick, do=do))


async def assign_conversation(call: Call, do: AssignConversation) -> Conversation:
    """Give a conversation to an agent, oneself perhaps, or to a team's queue."""
    return await commit(call, partial(give, do=do, what="assigned"))


async def transfer_conversation(call: Call, do: TransferConversation) -> Conversation:
    """Give a conversation away with a note, which is stored together with it."""
    return await commit(call, partial(give, do=do, what="transferred"))


async def take_over(call: Call, do: OneConversation) -> Conversation:
    """Take a conversation from whoever has it; for supervisors, and in the audit trail."""
    return await commit(call, partial(_take_over, do=do))


async def hand_off(call: Call, do: HandOff) -> Conversation:
    """Give a conversation that a bot has to people: to the queue, or a team's."""
    return await commit(call, partial(_hand_off, do=do))


def _pick(tx: Tx, do: OneConversation) -> Conversation:
    me, held = person_at_desk(tx), held_by(tx, do.conversation)
    if held.assignee_id == me.id and held.status is Status.OPEN:
        return desk.get_conversation(tx.conn, held.id)
    if held.status is Status.OPEN:
        raise Conflict("Somebody else was faster.")
    if held.status is not Status.QUEUED:
        raise IllegalState(f"A conversation that is {held.status} is not in the queue.")
    return _assign(tx, held, to=as_person(me), values=Details(how="picked"))


def give(tx: Tx, do: AssignConversation, what: Literal["assigned", "transferred"]) -> Conversation:
    """Give a conversation to an agent or a team's queue. Raises ChatError."""
    if do.agent is None and do.team is None:
        raise BadInput("agent: name an agent, a team, or both")
    held = held_by(tx, do.conversation)
    _check_holder(tx, held)
    to = None if do.agent is None else _find_target(tx, held, do.agent)
    if do.team is not None and not holding.serves(tx.conn, do.team, held.inbox_id, do.agent):
        raise BadInput("team: nobody of it works in this inbox, or not this agent")
    note = do.note if isinstance(do, TransferConversation) else None
    if note:
        _write_note(tx, held, note)
    team = held.team_id if do.team is None else do.team
    if to is None:
        return _enqueue(tx, held, team, _given(held, what))
    if (held.status, held.assignee_id, held.team_id) == (Status.OPEN, to.id, team):
        return desk.get_conversation(tx.conn, held.id)  # so it is already
    own = isinstance(tx.call.actor, Agent) and to.id == tx.call.actor.id
    values = _given(held, what)
    if own:  # no offer
        return _assign(tx, held, to=to, team=team, what=what, values=values)
    if holding.find_whereabouts(tx.conn, to.id, tx.now_ms) is Whereabouts.ABSENT:
        values = msgspec.structs.replace(values, absent=to.id)
        return _enqueue(tx, held, team, values, front=True)
    turn = held.turn.columns() if held.turn else new_turn(tx.now_ms)
    turn |= offer(tx.now_ms)
    return _assign(tx, held, to=to, team=team, what=what, values=values, turn=turn)


def _take_over(tx: Tx, do: OneConversation) -> Conversation:
    place = tx.place(do.conversation, Action.TAKE_OVER)
    me, held = person_at_desk(tx), held_by(tx, place.id)
    if held.assignee_id == me.id and held.status is Status.OPEN:
        return desk.get_conversation(tx.conn, held.id)
    tx.audit("conversation.take_over", "conversation", held.id, taken_from=held.assignee_id)
    values = Details(how="taken_over", from_=held.assignee_id)
    return _assign(tx, held, to=as_person(me), values=values)


def _hand_off(tx: Tx, do: HandOff) -> Conversation:
    held = held_by(tx, do.conversation)
    if held.assignee_id is not None and not held.by_bot:
        raise IllegalState("A person has it: transfer it.")
    if do.team is not None and not holding.serves(tx.conn, do.team, held.inbox_id):
        raise BadInput("team: nobody of it works in this inbox")
    if do.note:
        _write_note(tx, held, do.note)
    team = held.team_id if do.team is None else do.team
    if held.status is Status.QUEUED and team == held.team_id:
        return desk.get_conversation(tx.conn, held.id)
    return _enqueue(tx, held, team, Details(reason="handed_off"))


def held_by(tx: Tx, conversation_id: int) -> Held:
    """A conversation of the desk that the actor may handle. Raises as ``check``, IllegalState."""
    place = tx.place(conversation_id, Action.HANDLE)
    if place.kind is not Kind.DESK:
        raise IllegalState("In the rooms protocol a conversation is whose room it is in.")
    return holding.get_held(tx.conn, place.id)


def _assign(
    tx: Tx,
    held: Held,
    *,
    to: Person,
    team: int | None = None,
    what: What = "assigned",
    values: Details,
    turn: dict[str, Any] = NO_TURN,
) -> Conversation:
    team = held.team_id if team is None else team
    activity = Activity(what=what, agent=to, team=team, values=values)
    columns = {"assignee_id": to.id, "team_id": team, **turn}
    move(tx, held.id, Move.ASSIGN, activity, **columns)
    assigning.set_assigned(tx.conn, [to.id], tx.now_ms)
    return desk.get_conversation(tx.conn, held.id)


def _enqueue(
    tx: Tx, held: Held, team: int | None, values: Details, *, front: bool = False
) -> Conversation:
    """Into a queue, to its front or, if it waits already, where it is."""
    activity = Activity(what="queued", team=team, values=values)
    keeps = held.turn is not None and held.status is Status.QUEUED and not front
    turn = held.turn.columns() if held.turn and keeps else {}
    move(tx, held.id, Move.ENQUEUE, activity, team_id=team, front=front, **turn)
    return desk.get_conversation(tx.conn, held.id)


def move(tx: Tx, id: int, to: Move, activity: Activity, **more: Any) -> None:
    """Make a move in the actor's name. Raises IllegalState."""
    by, now_ms = tx.call.member, tx.now_ms
    tx.entries.append(states.move(tx.conn, id, to, activity, by=by, now_ms=now_ms, **more))


def record(tx: Tx, id: int, activity: Activity) -> None:
    """Record what the actor changed."""
    by, now_ms = tx.call.member, tx.now_ms
    tx.entries.append(states.record(tx.conn, id, activity, by=by, now_ms=now_ms))


def _write_note(tx: Tx, held: Held, text: str) -> None:
    check_words(tx.call, text, ())
    address = states.address_of(tx.conn, held.id)
    note = NewMessage(address, tx.call.member, None, text, tx.now_ms, Entry.NOTE, private=True)
    tx.entries.append(append_entry(tx.conn, note))


def _given(held: Held, what: How) -> Details:
    """How it came to whoever has it now."""
    return Details(how=what, from_=held.assignee_id)


def person_at_desk(tx: Tx) -> Agent:
    """The actor, who must be a person of the team: conversations are not picked for others."""
    actor = tx.call.actor
    if not isinstance(actor, Agent) or actor.role is AgentRole.BOT:
        raise NotAllowed("This is for the people of the team.")
    return actor


def as_person(agent: Agent) -> Person:
    """``agent`` as somebody a conversation is given to."""
    return Person(role=agent.member.role, name=agent.name, id=agent.id)


def _check_holder(tx: Tx, held: Held) -> None:
    """Whoever has it gives it away; nobody takes it from them but by ``take_over``'s right."""
    me = tx.call.actor
    theirs = held.by_person and held.status is not Status.RESOLVED
    if theirs and not (isinstance(me, Agent) and me.id == held.assignee_id):
        check(me, Action.TAKE_OVER, held.inbox_id)


def _find_target(tx: Tx, held: Held, agent_id: int) -> Person:
    found = holding.find_worker(tx.conn, agent_id, held.inbox_id)
    if found is None:
        raise BadInput("agent: there is no such person who works in this inbox")
    return found


COMMANDS = tuple(
    Command(
        f"conversation.{name}",
        act,
        "POST",
        f"/conversations/{{conversation}}/{name.replace('_', '-')}",
        {"conversation": 17} | example,
        errors=(Conflict, IllegalState),
    )
    for name, act, example in (
        ("pick", pick_conversation, {}),
        ("assign", assign_conversation, {"agent": 4}),
        ("transfer", transfer_conversation, {"team": 2, "note": "Asks for an invoice"}),
        ("take_over", take_over, {}),
        ("hand_off", hand_off, {"team": 2, "note": "Wants a person"}),
    )
)
