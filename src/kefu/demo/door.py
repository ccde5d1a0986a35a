"""Into a demo's console without a password: a click on the landing page signs one in.

Rules: for whoever sits at this machine, as the accounts' passwords in the terminal are: a request
from a loopback address to a loopback name, past no proxy, from a page of our own. Each use makes a
session like any login, which is stored and outlives a restart; one that the browser brought ends.
Whoever comes in is online, so that what waits is theirs.
Not here: the accounts (``team``), the page (``site``).
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from kefu.actions.assignment import assign_waiting
from kefu.actions.context import Context, Tx, commit
from kefu.actions.forms import Done
from kefu.actions.login import SignedIn, open_session
from kefu.core.desk import Availability
from kefu.core.errors import NotAllowed, NotFound
from kefu.demo.team import INSIDERS
from kefu.gateways.rest.authentication import is_local, is_of_our_page
from kefu.gateways.rest.cookies import keep_session
from kefu.gateways.rest.endpoint import Rest, as_json
from kefu.storage import agents

PATH = "/demo/session"


def add_door(rest: Rest, ctx: Context) -> None:
    """Serve ``GET PATH``, which says whether there is a way in, and ``POST PATH/ROLE``, the way."""

    async def look(request: Request, fields: dict[str, str]) -> Response:
        _check_local(request, ctx)
        return as_json(Done())

    async def enter(request: Request, fields: dict[str, str]) -> Response:
        _check_local(request, ctx)
        if not is_of_our_page(request, ctx.policy.pages):
            raise NotAllowed("This is for the demo's own landing page.")
        email = INSIDERS.get(fields["role"])
        if email is None:
            raise NotFound("There is nothing under this path.")
        call = await rest.call_of(request, anyone=True)
        signed_in = await commit(call, partial(_enter, email=email))
        response = as_json(Done(), 201)
        keep_session(request, enter, signed_in, response)
        return response

    rest.add("GET", PATH, look)
    rest.add("POST", f"{PATH}/{{role}}", enter)


def _check_local(request: Request, ctx: Context) -> None:
    if not is_local(request, ctx.policy.pages):
        raise NotFound("There is nothing under this path.")


def _enter(tx: Tx, email: str) -> SignedIn:
    known = agents.find_credentials(tx.conn, email=email)
    if known is None or not known.active:
        raise NotFound("This account of the demo is not there any more.")
    agents.set_agent(tx.conn, known.id, availability=Availability.ONLINE, missed=0)
    tx.after.append(partial(assign_waiting, tx.call.ctx))
    return open_session(tx, known.id)
