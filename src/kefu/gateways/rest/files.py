"""Uploads and downloads.

Rules: an upload's body is the file itself, streamed; its ``Content-Type`` is not asked. A download
shows a link's token and nothing else: no login is looked at, so nobody's rights leak into what
caches and other tools keep. Whatever is wrong with a link, there is no such file.
Not here: what becomes of a file (``actions.files``), the headers of a download (``core.media``).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from kefu.actions.context import Call, Context
from kefu.actions.files import (
    MOST_MS,
    UploadFile,
    find_file,
    read_file,
    upload_file,
    with_links,
)
from kefu.core.actors import Standing
from kefu.core.errors import BadInput, ChatError, NotFound, TooMany, Unavailable
from kefu.core.media import byte_range, file_headers
from kefu.gateways.rest.authentication import address_of
from kefu.gateways.rest.codec import field_types, read_query, texts_to_values
from kefu.gateways.rest.endpoint import Rest, as_json, check_announced
from kefu.gateways.rest.errors import WrongType
from kefu.gateways.rest.openapi import COMPONENTS, SECURITY, answer, common_errors, refusals
from kefu.profile.avatars import set_avatar
from kefu.widget.logo import SetLogo, set_logo

T = TypeVar("T")

log = structlog.get_logger()

_TEXT = {"type": "string"}
_UPLOAD = {
    "operationId": "file.upload",
    "tags": ["file"],
    "summary": "Take a file in; a message can then be sent with its id.",
    "description": "The body is the file itself. What kind of file it is shows its content; "
    "position data and other notes are taken out of images. A file that is not sent within a day "
    "is removed.",
    "security": SECURITY["both"],
    "x-kefu-who": "both",
    "parameters": [
        {
            "name": "name",
            "in": "query",
            "required": True,
            "description": "What people call the file.",
            "schema": {**_TEXT, "minLength": 1, "maxLength": 1000},
            "example": "sunset.jpg",
        },
        {
            "name": "conversation",
            "in": "query",
            "description": "Where it is to be sent. A visitor may leave it out.",
            "schema": {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**53},
            "example": 17,
        },
        {
            "name": "duration_ms",
            "in": "query",
            "description": "How long a recording is; nobody looks whether that is so.",
            "schema": {"type": "integer", "minimum": 0, "maximum": MOST_MS},
        },
        {
            "name": "peaks",
            "in": "query",
            "description": "A recording's waveform, from 0 to 100; once for each value.",
            "schema": {
                "type": "array",
                "items": {"type": "integer", "minimum": 0, "maximum": 100},
                "maxItems": 64,
            },
        },
    ],
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {**_TEXT, "format": "binary"}}},
    },
    "responses": {
        "201": answer("It is kept.", {"$ref": f"{COMPONENTS}FileInfo"}),
        **refusals(common_errors("both", body=True, changes=False)),
    },
}
_DOWNLOAD = {
    "operationId": "file.download",
    "tags": ["file"],
    "summary": "A file or its preview, by a link as messages have it.",
    "description": "A link holds for a while; a message that is read again has a fresh one.",
    "security": [{}],
    "parameters": [
        {
            "name": "file",
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
            "example": 1,
        },
        {"name": "name", "in": "path", "required": True, "schema": _TEXT, "example": "sunset.jpg"},
        {"name": "token", "in": "query", "required": True, "schema": _TEXT},
        {"name": "Range", "in": "header", "schema": _TEXT, "example": "bytes=0-99"},
    ],
    "responses": {
        "200": {"description": "The file.", "content": {"*/*": {}}},
        "206": {"description": "The part that was asked for.", "content": {"*/*": {}}},
        "416": {"description": "There is no such part."},
        **refusals({BadInput, NotFound, TooMany, Unavailable}),
    },
}


_SET_LOGO = {
    "operationId": "inbox.set_logo",
    "tags": ["inbox"],
    "summary": "Make a picture an inbox's logo.",
    "description": "The body is the picture itself. A small copy of it is kept and served to "
    "everybody, at the path that `settings.look.logo` is then. Over HTTP alone.",
    "security": SECURITY["agent"],
    "x-kefu-who": "agent",
    "parameters": [
        {
            "name": "inbox",
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**53},
            "example": 2,
        },
    ],
    "requestBody": _UPLOAD["requestBody"],
    "responses": {
        "200": answer("It is the logo.", {"$ref": f"{COMPONENTS}Inbox"}),
        **refusals(common_errors("agent", body=True, changes=False) | {NotFound}),
    },
}


_SET_AVATAR = {
    "operationId": "agent.set_avatar",
    "tags": ["agent"],
    "summary": "Make a picture one's own.",
    "description": "The body is the picture itself. A small copy of it is kept and served to "
    "everybody, at the path that `avatar` is then. Over HTTP alone.",
    "security": SECURITY["agent"],
    "x-kefu-who": "agent",
    "requestBody": _UPLOAD["requestBody"],
    "responses": {
        "200": answer("It is the picture.", {"$ref": f"{COMPONENTS}AgentInfo"}),
        **refusals(common_errors("agent", body=True, changes=False)),
    },
}


def add_files(rest: Rest, ctx: Context) -> None:
    """Serve uploads and downloads."""

    async def upload(request: Request, fields: Mapping[str, str]) -> Response:
        call = await rest.call_of(request)
        check_announced(request, ctx.limits.file_bytes)
        _check_bare(request)
        do = _form(request)
        info = await _while_there(request, lambda content: upload_file(call, do, content))
        return as_json(with_links(call, info), 201)

    async def take_logo(request: Request, fields: Mapping[str, str]) -> Response:
        call = await rest.call_of(request)
        check_announced(request, ctx.limits.file_bytes)
        _check_bare(request)
        if not re.fullmatch("[1-9][0-9]{0,14}", fields["inbox"]):
            raise NotFound
        do = SetLogo(inbox=int(fields["inbox"]))
        return as_json(await _while_there(request, lambda content: set_logo(call, do, content)))

    async def take_avatar(request: Request, fields: Mapping[str, str]) -> Response:
        call = await rest.call_of(request)
        check_announced(request, ctx.limits.file_bytes)
        _check_bare(request)
        return as_json(await _while_there(request, lambda content: set_avatar(call, content)))

    async def download(request: Request, fields: Mapping[str, str]) -> Response:
        Call(ctx, Standing.ANYONE, address_of(request)).count_command()
        token = read_query(_query(request)).get("token", [""])[0]
        id = int(fields["file"]) if len(fields["file"]) < 19 and fields["file"].isdecimal() else 0
        handed = await find_file(ctx, id, token)
        headers = file_headers(handed.type, handed.name, fresh_s=int(ctx.limits.file_link_s / 2))
        wanted = byte_range(request.headers.get("range"), handed.size)
        if wanted is not None and not wanted:
            refused = headers | {"Content-Range": f"bytes */{handed.size}"}
            return Response(None, 416, {**refused, "Cache-Control": "no-store"})
        if wanted is not None:
            headers["Content-Range"] = f"bytes {wanted[0]}-{wanted[-1]}/{handed.size}"
        part = range(handed.size) if wanted is None else wanted
        status = 200 if wanted is None else 206
        headers["Content-Length"] = str(len(part))
        if request.method == "HEAD":
            return Response(None, status, headers)
        return _Download(await read_file(ctx, handed, part), status, headers)

    rest.add("POST", "/files", upload, pages=True, described=_UPLOAD)
    rest.add("PUT", "/inboxes/{inbox}/logo", take_logo, described=_SET_LOGO)
    rest.add("PUT", "/me/avatar", take_avatar, described=_SET_AVATAR)
    rest.add("GET", "/files/{file}/{name}", download, described=_DOWNLOAD)


class _Download(StreamingResponse):
    """One that may be refused on its way: then it ends before its length, and the connection."""

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except ChatError as error:
            log.info("download_ended", code=error.code)


async def _while_there(request: Request, act: Callable[[AsyncIterable[bytes]], Awaitable[T]]) -> T:
    """What ``act`` makes of the body; it is cancelled if the client goes away after the last byte.

    Raises ClientDisconnect: it did.
    """
    whole = asyncio.Event()

    async def content() -> AsyncIterator[bytes]:
        async for part in request.stream():
            yield part
        whole.set()

    async def gone() -> None:
        await whole.wait()
        while (await request.receive())["type"] != "http.disconnect":
            pass

    doing, leaving = asyncio.ensure_future(act(content())), asyncio.ensure_future(gone())
    try:
        await asyncio.wait([doing, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise ClientDisconnect
        return await doing
    finally:
        doing.cancel()
        leaving.cancel()
        await asyncio.wait([doing, leaving])


def _query(request: Request) -> str:
    query: bytes = request.scope["query_string"]
    return query.decode("ascii", "replace")


def _check_bare(request: Request) -> None:
    """Raise WrongType: the body is a form with the file in it."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise WrongType("The body has to be the file itself, not a form.")


def _form(request: Request) -> UploadFile:
    values = texts_to_values(field_types(UploadFile), read_query(_query(request)))
    try:
        return msgspec.convert(values, UploadFile)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from None
