"""The other side of the desk's pages: an agent or admin who works by the REST API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
from websockets import Subprotocol
from websockets.sync.client import connect

from tests.configured import ConfiguredServer
from tests.serving import KefuServer

WIDGET = "wk_demo"
CHAT = f"/chat/{WIDGET}"
# The admin of a new server.
EMAIL, PASSWORD = "an@shop.example", "boats at noon"


class Staff:
    """Somebody of the team, signed in."""

    def __init__(self, base_url: str, email: str, password: str) -> None:
        told = self._connect(base_url).post("/session", email=email, password=password)
        self._client.headers["authorization"] = f"Bearer {told['token']}"

    def _connect(self, base_url: str) -> Self:
        # Reading the machine's certificates takes longer than most tests.
        self._client = httpx.Client(base_url=f"{base_url}/api/v1", verify=False, timeout=60)
        return self

    @classmethod
    def accepting(cls, link: str, **fields: str) -> Self:
        """Whoever uses a one-time link of the API, without the page."""
        page, _, token = link.partition("#")
        staff = cls.__new__(cls)._connect(page.rpartition("/")[0])
        staff.post("/session/link", link=token, **fields)
        staff.close()
        return cls(page.rpartition("/")[0], fields["email"], fields["password"])

    @classmethod
    def of_demo(cls, server: KefuServer, name: str = "mei") -> Self:
        """小美 Mei of a demo, or somebody else, with the password that it printed."""
        account = re.search(rf"({name}@demo\.kefu)\D*?[:：]\s*([a-z2-7]{{16}})", server.log)
        assert account, server.log
        return cls(server.base_url, account[1], account[2])

    @property
    def token(self) -> str:
        """Of the session, for whoever connects as them."""
        return self._client.headers["authorization"].removeprefix("Bearer ")

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._request("GET", path, params=query)

    def post(self, path: str, **fields: Any) -> dict[str, Any]:
        return self._request("POST", path, json=fields)

    def patch(self, path: str, **fields: Any) -> dict[str, Any]:
        return self._request("PATCH", path, json=fields)

    def put(self, path: str, **fields: Any) -> dict[str, Any]:
        return self._request("PUT", path, json=fields)

    def delete(self, path: str) -> dict[str, Any]:
        return self._request("DELETE", path)

    def pick(self, conversation: int) -> None:
        """Take it out of the queue."""
        self.post(f"/conversations/{conversation}/pick")

    def say(self, conversation: int, text: str, **more: Any) -> None:
        """Answer; the text is the client id, too."""
        path = f"/conversations/{conversation}/messages"
        self.post(path, client_id=f"t{abs(hash(text))}", text=text, **more)

    def upload(self, conversation: int, name: str, data: bytes) -> int:
        """A file to be said there; its id."""
        query: dict[str, str | int] = {"conversation": conversation, "name": name}
        response = self._client.post("/files", params=query, content=data)
        assert response.is_success, response.text
        return int(response.json()["id"])

    def put_picture(self, data: bytes) -> None:
        """One's own, of PNG."""
        self._request("PUT", "/me/avatar", content=data, headers={"content-type": "image/png"})

    def texts(self, conversation: int) -> list[str]:
        """What was said there, in order."""
        page = self.get(f"/conversations/{conversation}/messages", limit=200)
        return [one["text"] for one in page["items"] if one["type"] == "message"]

    @contextmanager
    def connected(self) -> Iterator[None]:
        """As with a console open."""
        url = str(self._client.base_url).replace("http", "ws", 1) + "realtime"
        subprotocol = Subprotocol("kefu.v1")
        with connect(url, subprotocols=[subprotocol], proxy=None) as socket:
            socket.send(json.dumps({"id": 1, "do": "hello", "token": self.token}))
            assert json.loads(socket.recv())["ok"]
            yield

    def close(self) -> None:
        self._client.close()

    def _request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        response = self._client.request(method, path, **options)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer


class Production(ConfiguredServer):
    """``kefu serve``, new."""

    @property
    def setup_link(self) -> str:
        """What it printed for the operator."""
        found = re.search(r"http\S+/setup#kl_[\w-]+", self.log)
        assert found, self.log
        return found[0]
