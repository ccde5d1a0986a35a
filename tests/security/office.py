"""A server in production with a desk, and people of every kind who have something to hide.

There are two inboxes: the shop, where everything is that others shall not see, and another one.
Everything is made over REST, as its admin would.
Not here: how to ask as somebody (``asking``).
"""

from __future__ import annotations

import itertools
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.configured import ConfiguredServer, Section
from tests.databases import ready_url
from tests.prepared import Admin, prepare
from tests.security.leaks import Heard

SITE = "https://shop.example"
PROXY = "127.0.0.1"
# Enough for tests that ask for everything; those of floods have their own.
PLENTY = {
    "bad_tokens_burst": 10_000,
    "commands_burst": 100_000,
    "commands_per_address_burst": 100_000,
    "file_bytes": 300_000,
    "messages_burst": 100_000,
    "uploads_per_hour": 10_000,
}
# It is set up, and nobody is there: what is about mail is refused for other reasons only.
MAIL = {"host": "127.0.0.1", "port": 9, "security": "none", "from_address": "desk@example.com"}
MARK = "zq7vertraulich"  # in every text that is for few

_numbers = itertools.count(1)


def draw(kind: str) -> str:
    """A new token."""
    return kind + secrets.token_urlsafe(32)


class Person(NamedTuple):
    """Who asks: a token, a visitor's inbox, the address that they come from, a page's cookie."""

    token: str = ""
    widget: str = ""
    address: str = "198.51.100.1"
    origin: str = ""
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What they send along with every request."""
        said = {
            "Authorization": f"Bearer {self.token}" if self.token else "",
            "X-Kefu-Widget": self.widget,
            "X-Forwarded-For": self.address,
            "Origin": self.origin,
            "Cookie": f"kefu_session={self.cookie}" if self.cookie else "",
        }
        return {name: value for name, value in said.items() if value}


NOBODY = Person()


class Chat(NamedTuple):
    """A visitor with a conversation of their own: what is theirs."""

    visitor: Person
    conversation: int
    contact: int
    seq: int  # of a message of theirs
    file: int


class Office(ConfiguredServer):
    """The server; started, it has the two inboxes and their people.

    ``hook_port`` is the one port of this machine that webhooks may go to.
    """

    is_quick = False

    def __init__(self, folder: Path, url: str = "", **sections: Section) -> None:
        server = {"trusted_proxies": [PROXY]} | dict(sections.pop("server", {}))
        limits = PLENTY | dict(sections.pop("limits", {}))
        storage = {"url": url} if url else {}
        mail = MAIL | dict(sections.pop("mail", {}))
        self._hook = socket.socket()  # holds its port until somebody listens there
        self._hook.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._hook.bind(("127.0.0.1", 0))
        self.hook_port: int = self._hook.getsockname()[1]
        outbound = {"allow": [f"127.0.0.1:{self.hook_port}"]}
        super().__init__(
            folder,
            server=server,
            limits=limits,
            storage=storage,
            mail=mail,
            outbound=outbound,
            **sections,
        )
        self.heard = Heard()
        if not url:
            with ready_url("sqlite", self.data_dir):
                pass  # a copy is there sooner than a store is made
        self.owner: Admin = prepare(self.data_dir, url)
        self.heard.secrets |= {self.owner.token, self.owner.password}
        self.heard.private.add(MARK)
        self.admin = Person(self.owner.token)
        self.shop, self.other = 0, 0  # inboxes
        self.beginning = ""  # the cursor before everything
        self.keys: dict[int, str] = {}  # their widgets'
        self.agents: dict[str, Person] = {}
        self.ids: dict[str, int] = {}  # of agents, and of what else there is
        # Reading the machine's certificates takes longer than most tests.
        self._http = httpx.Client(base_url=self.base_url, trust_env=False, verify=False, timeout=60)

    def __enter__(self) -> Office:
        super().__enter__()
        try:
            self._furnish()
        except BaseException:
            self.kill()
            raise
        return self

    def kill(self) -> int:
        self._http.close()
        self._hook.close()
        return super().kill()

    def ask(self, who: Person, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, which has to succeed."""
        headers = who.headers | options.pop("headers", {})
        answer = self._http.request(method, f"/api/v1{path}", headers=headers, **options)
        self._http.cookies.clear()
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def visitor(self, inbox: int | None = None) -> Person:
        """Somebody with a new browser, from an address of their own."""
        number = next(_numbers)
        token = draw("kd_")
        self.heard.secrets.add(token)
        address = f"10.9.{number // 250}.{number % 250 + 1}"
        return Person(token, self.keys[inbox or self.shop], address)

    def chat(self, inbox: int | None = None, text: str = MARK) -> Chat:
        """A visitor who wrote, and sent a file."""
        visitor = self.visitor(inbox)
        file = self.upload(visitor, name=f"{text}.txt")["id"]
        said = {"client_id": draw(""), "text": text, "files": [file]}
        begun = self.ask(visitor, "POST", "/conversations", json=said).json()
        conversation, contact = begun["conversation"]["id"], begun["contact"]
        return Chat(visitor, conversation, contact, begun["message"]["seq"], file)

    def upload(self, who: Person, content: bytes = b"x", **query: Any) -> dict[str, Any]:
        """Send a file; returns what is told of it."""
        asked = {"name": "a.txt"} | query
        told = self.ask(who, "POST", "/files", params=asked, content=content)
        return dict(told.json())

    def hire(self, name: str, role: str = "agent", *inboxes: int, **values: Any) -> Person:
        """Take somebody in; they have an API token that may everything that they may."""
        made = self._make("/agents", name=name, role=role, inboxes=inboxes, **values)
        self.ids[name] = made["id"]
        scopes = ["read", "write", "admin"]
        token = self._make("/tokens", name="t", agent=self.ids[name], scopes=scopes)["secret"]
        self.heard.secrets.add(token)
        return Person(token)

    def _furnish(self) -> None:
        self.beginning = self.ask(self.admin, "GET", "/events").json()["cursor"]
        for name, of in (("shop", {"origins": [SITE]}), ("other", {})):
            made = self._make("/inboxes", name=f"{name} {MARK}", settings=of)
            setattr(self, name, made["id"])
            self.keys[made["id"]] = made["widget_key"]
        for name, role, inbox in (
            ("witness", "agent", self.shop),
            ("insider", "supervisor", self.shop),
            ("outsider", "agent", self.other),
            ("outside", "supervisor", self.other),
        ):
            email = f"{name}@example.com"
            self.agents[name] = self.hire(f"Person {name}", role, inbox, email=email)
        self.agents["robot"] = self.hire("Robot Otto", "bot", self.other)
        canned = {"shortcut": MARK, "text": MARK, "inbox": self.shop}
        self.ids["canned"] = self._make("/canned", **canned)["id"]
        self.ids["team"] = self._make("/teams", name=f"Team {MARK}")["id"]

    def _make(self, path: str, **values: Any) -> Mapping[str, Any]:
        made: Mapping[str, Any] = self.ask(self.admin, "POST", path, json=values).json()
        return made
