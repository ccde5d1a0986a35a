"""Each answer that the API's description shows is what a server says to the request beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command
from kefu.gateways.rest.openapi import ANSWERS
from tests.gateways.conftest import House
from tests.gateways.rest.model_shop import ModelShop

COMMAND = ".venv/bin/python -m pytest tests/gateways/rest/test_answers.py -n 0 --update-fixtures"

UPLOADS = ("file.upload", "inbox.set_logo", "agent.set_avatar")  # no commands


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's store, to be copied."""
    return asyncio.run(ModelShop.furnished(tmp_path_factory.mktemp("shop")))


@pytest.fixture
async def shop(furnished: Path, tmp_path: Path) -> AsyncIterator[ModelShop]:
    """The shop of the examples, where nothing has been asked yet."""
    opened = await ModelShop.open(furnished, tmp_path)
    yield opened
    await opened.close()


@pytest.mark.parametrize("command", COMMANDS, ids=BY_NAME)
async def test_the_answer_that_is_shown_is_the_servers(
    command: Command, shop: ModelShop, request: pytest.FixtureRequest
):
    compare(command.name, await shop.answer(command), request)


async def test_the_answer_that_is_shown_for_an_upload_is_the_servers(
    shop: ModelShop, request: pytest.FixtureRequest
):
    compare("file.upload", await shop.upload(), request)


async def test_the_answer_that_is_shown_for_a_logo_is_the_servers(
    shop: ModelShop, request: pytest.FixtureRequest
):
    compare("inbox.set_logo", await shop.set_logo(), request)


async def test_the_answer_that_is_shown_for_a_picture_is_the_servers(
    shop: ModelShop, request: pytest.FixtureRequest
):
    compare("agent.set_avatar", await shop.set_avatar(), request)


def test_there_is_an_answer_for_whatever_can_be_asked_for():
    assert recorded().keys() == {*UPLOADS, *BY_NAME}


async def test_what_is_shown_of_the_server_itself_is_what_it_says(house: House):
    server = await house.serve_production()
    document = (await server.get("/api/v1/openapi.json")).json()
    for path in ("/health", "/ready", "/api/v1/limits"):
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        assert (await server.get(path)).json() == content["application/json"]["example"]


def recorded() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(ANSWERS.read_text("utf-8")) if ANSWERS.exists() else {}
    return kept


def compare(name: str, answer: Any, request: pytest.FixtureRequest) -> None:
    """Hold what is recorded to ``answer``, or record that."""
    kept = recorded()
    if request.config.getoption("--update-fixtures"):
        kept[name] = answer
        lines = [
            f"{json.dumps(one)}: {json.dumps(kept[one], ensure_ascii=False)}"
            for one in sorted(kept)
            if one in BY_NAME or one in UPLOADS
        ]
        ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    assert recorded().get(name) == answer, (
        f"What {name} answers changed. If that is meant, run\n  {COMMAND}"
    )
