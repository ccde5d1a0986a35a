"""What holds for each command of the table, whoever wrote it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command, read_form
from kefu.core.actors import AgentRole
from kefu.core.errors import ChatError
from kefu.gateways.rest.codec import field_types
from tests.gateways.rest.conftest import Headers, Shop

# Their examples would end the one who asks, or everything.
ENDING = {"session.logout", "session.end_others"}


def request_of(command: Command, **changed: Any) -> tuple[str, str, dict[str, Any]]:
    """The request that a command's example is."""
    fields = {**command.example, **changed}
    path = command.path
    for name in [*fields]:
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", str(fields.pop(name)))
    by_query = command.method in ("GET", "DELETE")
    return command.method, path, {"params" if by_query else "json": fields}


async def ask(shop: Shop, who: Headers, command: Command, **changed: Any):
    method, path, options = request_of(command, **changed)
    return await shop.ask(who, method, path, **options)


@pytest.mark.parametrize("command", COMMANDS, ids=BY_NAME)
def test_the_example_is_one_that_the_command_takes(command: Command):
    read_form(command, command.example)


@pytest.mark.parametrize("command", COMMANDS, ids=BY_NAME)
def test_its_path_names_fields_of_its_form_that_have_an_example(command: Command):
    named = {part[1:-1] for part in command.path.split("/") if part.startswith("{")}
    assert named <= field_types(command.form).keys()
    assert named <= command.example.keys()


@pytest.mark.parametrize("command", COMMANDS, ids=BY_NAME)
def test_it_says_what_it_does_and_what_it_may_be_refused_with(command: Command):
    assert command.summary.endswith(".")
    assert all(issubclass(error, ChatError) for error in command.errors)


def test_names_and_routes_are_unique():
    assert len(BY_NAME) == len(COMMANDS)
    assert len({(command.method, command.path) for command in COMMANDS}) == len(COMMANDS)


def test_paths_are_written_alike():
    words = {part for command in COMMANDS for part in command.path.split("/") if "{" not in part}
    assert not {word for word in words if not re.fullmatch("[a-z-]*", word)}


async def test_whoever_proves_nothing_is_let_do_nothing(shop: Shop):
    for command in COMMANDS:
        if command.who != "anyone":
            response = await ask(shop, {}, command)
            assert response.status_code == 401, command.name
            assert response.json()["error"]["code"] == "unauthenticated", command.name


async def test_a_visitor_cannot_do_what_is_the_teams(shop: Shop):
    visitor = shop.visitor()
    await shop.start(visitor)
    for command in COMMANDS:
        if command.who == "agent":
            response = await ask(shop, visitor, command)
            assert response.status_code in (403, 404), command.name


async def test_a_token_that_may_only_read_changes_nothing(shop: Shop):
    reader = await shop.agent(AgentRole.ADMIN, scopes=["read"])
    conversation = await shop.start(shop.visitor())
    for command in COMMANDS:
        if command.who in ("agent", "both") and command.changes:
            known = {"conversation": conversation} if "conversation" in command.example else {}
            response = await ask(shop, reader, command, **known)
            assert 400 <= response.status_code < 500, command.name


async def test_nobody_fails(shop: Shop):
    """Every example, by everybody: whatever it comes to, it is an answer that is documented."""
    admin = await shop.agent(AgentRole.ADMIN)
    bot = await shop.agent(AgentRole.BOT)
    visitor = shop.visitor()
    conversation = await shop.start(visitor)
    for who in (visitor, bot, admin):
        for command in COMMANDS:
            if command.name in ENDING:
                continue
            known = {"conversation": conversation} if "conversation" in command.example else {}
            response = await ask(shop, who, command, **known)
            assert response.status_code < 500, (command.name, response.text)
