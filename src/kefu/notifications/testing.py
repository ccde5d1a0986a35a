"""A test offer: told to all that one of the team has open, as an offer is, to nobody else.

Rules: nothing is stored and no conversation is made; it goes the way of every signal, so whoever
hears of it hears of offers. Whether it is heard and shown is the console's.
"""

from __future__ import annotations

from functools import partial

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form
from kefu.core.desk import Time, Value, at
from kefu.core.permissions import Action
from kefu.core.signals import OfferTest
from kefu.hub import agent_channel
from kefu.notifications.commands import one_of_team


class SendOfferTest(Form, frozen=True):
    """An offer that is none."""


class OfferTested(Value, frozen=True):
    """When it was told."""

    at: Time


async def send_test_offer(call: Call, do: SendOfferTest) -> OfferTested:
    """Have a test offer told to all that the caller has open; nothing is stored."""

    def work(tx: Tx) -> OfferTested:
        me, told_at = one_of_team(tx.call, Action.KEEP_OWN), at(tx.now_ms)
        signal = OfferTest(at=told_at)
        tx.after.append(partial(tx.call.ctx.hub.signal, [agent_channel(me.id)], signal))
        return OfferTested(at=told_at)

    return await commit(call, work)


COMMANDS = (Command("agent.test_offer", send_test_offer, "POST", "/me/test-offer", {}),)
