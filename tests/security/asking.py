"""The catalogue's commands as anybody may send them, over each transport that takes them.

An answer is the same thing whatever the transport: a code, ``OK`` or the refusal's, and its JSON.
What cannot be said over a transport at all is a test's own affair. Every answer is kept for
``leaks``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple, Protocol, Self
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import Command
from kefu.gateways.rest.codec import field_types
from tests.clients.realtime import Frame, RealtimeClient, Refused
from tests.security.office import Office, Person

OK = "ok"
NOWHERE = 2**52  # no id is as large
TRANSPORTS = ("rest", "realtime")
transports = pytest.mark.parametrize("transport", TRANSPORTS)


class Answer(NamedTuple):
    """What came back. ``told``: as it came; two that are equal cannot be told apart."""

    code: str
    told: str

    @property
    def values(self) -> Any:
        return json.loads(self.told)


class Asker(Protocol):
    """A transport, with its connections."""

    async def ask(self, who: Person, name: str, /, **fields: Any) -> Answer:
        """Send one command as somebody."""
        ...


class Rest:
    """REST. ``http`` is for what is not a command."""

    def __init__(self, office: Office, http: httpx.AsyncClient) -> None:
        self.office, self.http = office, http

    @classmethod
    @asynccontextmanager
    async def open(cls, office: Office) -> AsyncIterator[Self]:
        url, timeout = office.base_url, httpx.Timeout(60)
        async with httpx.AsyncClient(
            base_url=url, trust_env=False, verify=False, timeout=timeout
        ) as http:
            yield cls(office, http)

    async def ask(self, who: Person, name: str, /, **fields: Any) -> Answer:
        command = BY_NAME[name]
        method, path, options = request_of(command, fields)
        response = await self.send(who, method, path, tells=command.secret, **options)
        if response.is_success:
            return Answer(OK, response.text)
        return Answer(response.json()["error"]["code"], response.text)

    async def send(
        self, who: Person, method: str, path: str, *, tells: bool = False, **options: Any
    ) -> httpx.Response:
        """Any request below ``/api/v1``. ``tells``: a success hands out a secret."""
        headers = who.headers | options.pop("headers", {})
        response = await self.http.request(method, f"/api/v1{path}", headers=headers, **options)
        self.http.cookies.clear()  # whoever asks says themselves what they send
        told = f"{response.headers}\n{response.text}"
        tells = tells and response.is_success
        self.office.heard.answer(f"{method} {path}", told, tells=tells)
        assert response.status_code < 500, f"{method} {path}: {told}"
        return response


class Realtime:
    """``kefu.v1``: one connection for each person, opened when they first ask for something."""

    def __init__(self, office: Office, stack: AsyncExitStack) -> None:
        self.office, self._stack = office, stack
        self._clients: dict[Person, RealtimeClient] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, office: Office) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            yield cls(office, stack)

    async def ask(self, who: Person, name: str, /, **fields: Any) -> Answer:
        try:
            return await self._ask(await self.client(who), name, fields)
        except ConnectionClosed as end:
            # Who becomes somebody else comes back; nobody else is sent away for asking.
            if end.rcvd is None or end.rcvd.code not in (4101, 4102):
                raise
            del self._clients[who]
            return await self._ask(await self.client(who), name, fields)

    async def client(self, who: Person) -> RealtimeClient:
        """The person's connection."""
        if who not in self._clients or self._clients[who].connection.close_code is not None:
            self._clients[who] = await self._stack.enter_async_context(join(self.office, who))
        return self._clients[who]

    async def _ask(self, client: RealtimeClient, name: str, fields: Frame) -> Answer:
        try:
            ok = await client.ask(name, **fields)
        except Refused as refused:
            answer = Answer(refused.code, json.dumps(refused.error))
        else:
            answer = Answer(OK, json.dumps(ok, ensure_ascii=False))
        known = BY_NAME.get(name)
        tells = known is not None and known.secret and answer.code == OK
        self.office.heard.answer(name, answer.told, tells=tells)
        return answer


def join(office: Office, who: Person, **options: Any):
    """Connect as somebody and say hello."""
    headers = who.headers
    headers.pop("Authorization", None)
    headers.pop("X-Kefu-Widget", None)
    return RealtimeClient.join(
        office.base_url,
        who.token or None,
        who.widget or None,
        additional_headers=headers,
        **options,
    )


ASKERS: dict[str, type[Rest] | type[Realtime]] = {"rest": Rest, "realtime": Realtime}


def request_of(command: Command, fields: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """A command as a request: its method, its path, and query or body."""
    rest, path = dict(fields), command.path
    for name in fields:
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(str(rest.pop(name)), safe=""))
    if command.method in ("GET", "DELETE"):
        query = {name: one for name, one in rest.items() if one is not None}
        return command.method, path, {"params": {n: _text(one) for n, one in query.items()}}
    body = {"content": json.dumps(rest), "headers": {"Content-Type": "application/json"}}
    return command.method, path, body


def commands_with(field: str, *who: str) -> list[Command]:
    """The commands that take a field of this name, for these people."""
    return [
        command
        for command in COMMANDS
        if field in field_types(command.form) and (not who or command.who in who)
    ]


def _text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value
