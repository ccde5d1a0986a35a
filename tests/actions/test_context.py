"""An actor is looked at again in the very transaction that does something for them."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.actions.carrying import carry_out
from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import read_form
from kefu.actions.context import Call, commit
from kefu.actions.credentials import Passwords
from kefu.actions.login import SetPassword, set_password
from kefu.actions.messages import SendMessage, Sent, place_to_write, send
from kefu.actions.sessions import Logout, attend, call_by, claim_of, logout
from kefu.core.actors import AgentRole, Standing
from kefu.core.errors import NotAllowed, Unauthenticated
from kefu.core.permissions import Action
from kefu.storage import access
from tests.actions.acts import chat
from tests.actions.desk import Desk
from tests.actions.people import OTHER_PASSWORD, PASSWORD, hire, sign_in
from tests.quick import QUICK

ACTIONS = Path(__file__).parents[2] / "src/kefu/actions"
# Who tries a password is nobody yet, and the try counts whatever becomes of them.
APART = {("context.py", "begin"), ("attempts.py", "begin_attempt")}


async def call_of(desk: Desk, token: str) -> Call:
    return await call_by(desk.ctx, claim_of(token), "192.0.2.7")


async def test_whoever_signed_out_meanwhile_reads_and_writes_nothing(desk: Desk):
    token, me = await sign_in(desk, await hire(desk, "li@example.com"))
    call = await call_of(desk, token)
    await logout(desk.call(me), Logout())
    with pytest.raises(Unauthenticated):
        await call.read(lambda conn: pytest.fail("read"))
    with pytest.raises(Unauthenticated):
        await commit(call, lambda tx: pytest.fail("written"))


async def test_a_command_is_carried_out_as_whoever_its_caller_is_by_then(desk: Desk):
    """A demotion is a refusal; another name is none."""
    li = await hire(desk, "li@example.com", role=AgentRole.ADMIN)
    await hire(desk, "boss@example.com", role=AgentRole.ADMIN)
    token, _ = await sign_in(desk, li)
    for change, refusal in ({"name": "李雷"}, None), ({"role": "agent"}, NotAllowed):
        call = await call_of(desk, token)
        update = BY_NAME["agent.update"]
        operator = desk.call(Standing.OPERATOR)
        await carry_out(operator, update, read_form(update, {"agent": li.id} | change))
        create = BY_NAME["team.create"]
        form = read_form(create, {"name": f"Team {change}"})
        if refusal:
            with pytest.raises(refusal):
                await carry_out(call, create, form)
        else:
            await carry_out(call, create, form)


async def test_a_message_behind_an_end_in_the_queue_is_not_stored_and_costs_no_look_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """Both go into the store with one commit: the end first."""
    inbox = await desk.inbox()
    _, id = await chat(desk, inbox)
    li = await hire(desk, "li@example.com", inboxes=[inbox])
    token, me = await sign_in(desk, li)
    looks = 0

    def look(self: Call, conn: object) -> None:
        nonlocal looks
        looks += 1
        return looked(self, conn)  # type: ignore[arg-type]

    looked = Call.look
    ear = desk.recorder()
    call = await attend(await call_of(desk, token), ear)
    place = await place_to_write(call, id, Action.WRITE)
    monkeypatch.setattr(Call, "look", look)

    def say(client_id: str) -> asyncio.Future[Sent | Exception]:
        told: asyncio.Future[Sent | Exception] = asyncio.get_running_loop().create_future()
        do = SendMessage(conversation=id, client_id=client_id, text=client_id)
        send(call, place, do, told.set_result)
        return told

    assert isinstance(await say("before"), Sent)
    assert looks == 0
    ending = asyncio.ensure_future(logout(desk.call(me), Logout()))
    await asyncio.sleep(0)  # it is in the queue now
    assert isinstance(await say("after"), Unauthenticated)
    await ending
    assert ear.ended


async def test_a_password_that_is_hashed_while_the_session_ends_is_not_set(desk: Desk):
    token, me = await sign_in(desk, await hire(desk, "li@example.com"))

    class Slow(Passwords):
        async def hash(self, password: str) -> str:
            await logout(desk.call(me), Logout())
            return await super().hash(password)

    call = await call_of(desk, token)
    call = replace(call, ctx=replace(desk.ctx, passwords=Slow(QUICK)))
    with pytest.raises(Unauthenticated):
        await set_password(call, SetPassword(old=PASSWORD, password=OTHER_PASSWORD))


async def test_who_may_ask_without_a_proof_may_after_it_ended(desk: Desk):
    """A page that still shows an old session signs in anew."""
    await hire(desk, "li@example.com")
    token, me = await sign_in(desk, await hire(desk, "ann@example.com"))
    call = await call_by(desk.ctx, claim_of(token), "192.0.2.7", optional=True)
    await logout(desk.call(me), Logout())
    login = BY_NAME["session.login"]
    form = read_form(login, {"email": "li@example.com", "password": PASSWORD})
    assert (await carry_out(call, login, form)).agent.email == "li@example.com"


async def test_what_another_process_revoked_is_seen_by_the_next_look(desk: Desk):
    token, me = await sign_in(desk, await hire(desk, "li@example.com"))
    call = await attend(await call_of(desk, token), desk.recorder())
    elsewhere = await Desk.on(desk.ctx.database)
    await logout(elsewhere.call(me), Logout())
    assert desk.hub.heard < await desk.ctx.database.read(access.newest_revocation)
    with pytest.raises(Unauthenticated):
        await call.read(lambda conn: None)


def functions_of_calls() -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    for file in sorted(ACTIONS.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                names = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
                if names & {"call", "tx"}:
                    yield file.name, node


def test_nothing_is_done_for_a_call_past_the_look():
    """No action takes the store itself: it has ``Call.read`` and ``commit``."""
    past = [
        f"{file}: {node.name}"
        for file, node in functions_of_calls()
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.value, ast.Attribute)
        and inner.value.attr == "database"
        and inner.attr in ("read", "write", "run")
        and (file, node.name) not in APART
    ]
    assert past == []
