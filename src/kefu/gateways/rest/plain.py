"""What says something about the server itself: health, limits, the API's description and its page.

Not here: what the description says (``openapi``), how the page looks (``pages``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

import kefu
from kefu.actions.catalogue import COMMANDS
from kefu.actions.context import Context
from kefu.core.desk import FileInfo
from kefu.core.errors import Unavailable
from kefu.core.limits import Limits
from kefu.core.names import MAX_NAME_CHARS
from kefu.gateways.rest.endpoint import Rest, as_json
from kefu.gateways.rest.errors import NotUpgraded, refusal
from kefu.gateways.rest.openapi import answer, document, refusals
from kefu.gateways.rest.pages import language_of, render
from kefu.storage.database import StoreState
from kefu.transport.content import Content

_LOOK = Path(__file__).parent / "docs.css"


def _limits_schema() -> dict[str, Any]:
    _, named = msgspec.json.schema_components([Limits], ref_template="{name}")
    schema = named["Limits"]
    return {**schema, "properties": {**schema["properties"], "name_chars": {"type": "integer"}}}


def _told(limits: Limits) -> dict[str, Any]:
    return {**msgspec.structs.asdict(limits), "name_chars": MAX_NAME_CHARS}


_HEALTH = {
    "operationId": "health",
    "tags": ["server"],
    "summary": "Whether the server answers; for monitors.",
    "security": [{}],
    "responses": {
        "200": answer(
            "It does.",
            {
                "type": "object",
                "required": ["status", "version"],
                "properties": {"status": {"const": "ok"}, "version": {"type": "string"}},
            },
            {"status": "ok", "version": kefu.__version__},
        )
    },
}
_READY = {
    "operationId": "ready",
    "tags": ["server"],
    "summary": "Whether the server and its store answer; for what sends people to it.",
    "security": [{}],
    "responses": {
        "200": answer(
            "Both do.",
            {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"const": "ok"}},
            },
            {"status": "ok"},
        ),
        **refusals({Unavailable}),
    },
}
_LIMITS = {
    "operationId": "limits",
    "tags": ["server"],
    "summary": "Every limit in force, in the unit of its name.",
    "security": [{}],
    "responses": {"200": answer("All of them.", _limits_schema(), _told(Limits()))},
}
_DESCRIPTION = {
    "operationId": "openapi",
    "tags": ["server"],
    "summary": "This description.",
    "security": [{}],
    "responses": {"200": answer("An OpenAPI document.", {"type": "object"})},
}


def add_plain(rest: Rest, ctx: Context) -> None:
    """Serve limits and the description; the latter is made once."""
    made: dict[str, Content] = {}
    look_of_page = Content.of(_LOOK.read_bytes(), "text/css")

    async def limits(request: Request, fields: dict[str, str]) -> Response:
        return as_json(_told(ctx.limits))

    async def description(request: Request, fields: dict[str, str]) -> Response:
        if "" not in made:
            body = msgspec.json.encode(describe(rest))
            made[""] = Content.of(body, "application/json")
        return made[""].answer(request, {"Cache-Control": "no-cache"})

    async def page(request: Request, fields: dict[str, str]) -> Response:
        language = language_of(request.headers.get("accept-language", ""))
        if language not in made:
            body = render(describe(rest), language).encode()
            made[language] = Content.of(body, "text/html")
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
        return made[language].answer(request, headers)

    async def look(request: Request, fields: dict[str, str]) -> Response:
        return look_of_page.answer(request, {"Cache-Control": "no-cache"})

    async def realtime(request: Request, fields: dict[str, str]) -> Response:
        raise NotUpgraded

    rest.add("GET", "/realtime", realtime)
    rest.add("GET", "/docs", page)
    rest.add("GET", "/docs.css", look)
    rest.add("GET", "/openapi.json", description, described=_DESCRIPTION)
    rest.add("GET", "/limits", limits, described=_LIMITS)


def describe(rest: Rest) -> dict[str, Any]:
    """The OpenAPI document of what is served under ``/api``, of ``/health`` and ``/ready``."""
    others = {"/health": {"get": _HEALTH}, "/ready": {"get": _READY}, **rest.others}
    return document(COMMANDS, others, [FileInfo])


async def health(request: Request) -> Response:
    """Whether the server answers."""
    return as_json({"status": "ok", "version": kefu.__version__})


def readiness(ctx: Context) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that says whether the store answers, by what it answered last."""

    async def ready(request: Request) -> Response:
        state = ctx.database.state
        if state is StoreState.OK:
            return as_json({"status": state})
        return refusal(Unavailable(_NOT_READY[state]))

    return ready


_NOT_READY = {
    StoreState.SILENT: "The store does not answer.",
    StoreState.CANNOT_READ: "The store cannot be read.",
    StoreState.CANNOT_WRITE: "The store cannot be written.",
    StoreState.CLOSED: "The server is about to stop.",
}
