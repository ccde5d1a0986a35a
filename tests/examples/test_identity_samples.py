"""Four languages vouch for the same people, and Kefu believes each of them the same.

One table, ``examples/identity/vectors.json``, says who is vouched for, and what Kefu makes of it:
an ``identity``, or a refusal's code. Kefu's own verifier and a real server are asked.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from kefu.core.errors import ChatError
from kefu.core.identity import Key, verify_token
from tests.configured import ConfiguredServer
from tests.docs.pages import ROOT
from tests.packaging.client_package import RUN
from tests.prepared import prepare

FOLDER = ROOT / "examples" / "identity"
TABLE = json.loads((FOLDER / "vectors.json").read_text("utf-8"))
VECTORS: list[dict[str, Any]] = TABLE["vectors"]
FOR_S = 600  # that the samples vouch for

Vouch = Callable[..., "subprocess.CompletedProcess[str]"]


def needs(program: str, debian: str) -> str:
    """Where the program is. Skips the test if it is not there, or fails under CI."""
    found = shutil.which(program)
    if found is None:
        unable = pytest.fail if os.environ.get("CI") else pytest.skip
        unable(f"needs {program} (Debian: {debian})")
    return found


def build_go(folder: Path) -> list[str]:
    """Compile the sample; it has nothing to download, and may not."""
    made = folder / "identity"
    env = {"GOCACHE": str(folder / "cache"), "GOPATH": str(folder / "path"), "GOPROXY": "off"}
    command = [needs("go", "golang-go"), "build", "-o", str(made), str(FOLDER / "identity.go")]
    built = subprocess.run(
        command, env=os.environ | env | {"GOFLAGS": ""}, capture_output=True, text=True, cwd=folder
    )
    assert not built.returncode, built.stderr
    return [str(made)]


LANGUAGES: dict[str, Callable[[Path], list[str]]] = {
    "python": lambda _: [sys.executable, str(FOLDER / "identity.py")],
    "node": lambda _: [str(RUN), "node", str(FOLDER / "identity.mjs")],
    "php": lambda _: [needs("php", "php-cli"), str(FOLDER / "identity.php")],
    "go": build_go,
}


UNTYPED = [
    pytest.param("python", id="Python"),
    pytest.param("node", id="Node.js", marks=pytest.mark.node),
    pytest.param("php", id="PHP", marks=pytest.mark.php),
]
EVERY = [*UNTYPED, pytest.param("go", id="Go", marks=pytest.mark.go)]


@pytest.fixture(scope="module", params=EVERY)
def vouch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Vouch:
    """Run a language's sample with lines on its standard input."""
    command = LANGUAGES[request.param](tmp_path_factory.mktemp(request.param))

    def run(*lines: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        said = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        return subprocess.run(
            command, input=said, capture_output=True, encoding="utf-8", timeout=30, check=False
        )

    return run


def tokens(vouch: Vouch, vectors: list[dict[str, Any]], key: dict[str, str]) -> list[str]:
    """A token for each of ``vectors``, signed with ``key`` but for what a vector says of it."""
    lines = [{"user": one["user"], "key": key | one.get("key", {})} for one in vectors]
    ran = vouch(*lines)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    made = ran.stdout.splitlines()
    assert len(made) == len(vectors)
    return made


def verify(token: str, key: dict[str, str], now_s: float | None = None) -> dict[str, Any]:
    """What Kefu's verifier makes of a token: the identity, or the code of its refusal."""
    now_ms = round((time.time() if now_s is None else now_s) * 1000)
    keys = [Key(key["kid"], key["secret"])]
    try:
        found = verify_token(token, keys=keys, audience=key["widget_key"], now_ms=now_ms)
    except ChatError as refusal:
        return {"refused": refusal.code}
    return {"identity": msgspec.to_builtins(found)}


def expected(vector: dict[str, Any]) -> dict[str, Any]:
    return {name: vector[name] for name in ("identity", "refused") if name in vector}


def test_the_table_has_what_holds_and_what_is_refused():
    assert all(len(expected(one)) == 1 for one in VECTORS)
    refused = [one["refused"] for one in VECTORS if "refused" in one]
    assert {*refused} == {"unauthenticated", "bad_input"}
    assert len(VECTORS) - len(refused) >= 10


def test_the_verifier_reads_what_every_language_signed(vouch: Vouch):
    key = TABLE["key"]
    made = tokens(vouch, VECTORS, key)
    found = {one["about"]: verify(token, key) for one, token in zip(VECTORS, made, strict=True)}
    assert found == {one["about"]: expected(one) for one in VECTORS}


def test_a_token_holds_for_ten_minutes(vouch: Vouch):
    key = TABLE["key"]
    before_s = int(time.time())
    [token] = tokens(vouch, VECTORS[:1], key)
    after_s = int(time.time())
    assert verify(token, key, before_s + FOR_S - 1) == expected(VECTORS[0])
    assert verify(token, key, after_s + FOR_S) == {"refused": "unauthenticated"}


@pytest.mark.parametrize("user", [{"id": None}, {"id": ""}, {"name": "Li Lei"}], ids=str)
def test_nobody_is_vouched_for_who_is_not_signed_in(vouch: Vouch, user: dict[str, Any]):
    """Else all of them were one person, by the name of None or undefined."""
    ran = vouch({"user": user, "key": TABLE["key"]})
    assert ran.returncode != 0
    assert "." not in ran.stdout


@pytest.mark.parametrize("vouch", UNTYPED, indirect=True)  # Go's type says that it is text
def test_an_id_that_is_a_number_is_told_as_text(vouch: Vouch):
    key = TABLE["key"]
    [token] = tokens(vouch, [{"user": {"id": 42}}], key)
    assert verify(token, key)["identity"]["user_id"] == "42"


class Shop:
    """An inbox of a real server, with a key of it."""

    def __init__(self, server: ConfiguredServer, headers: dict[str, str]) -> None:
        url = f"{server.base_url}/api/v1"
        self.team = httpx.Client(base_url=url, headers=headers, trust_env=False)
        self.visitors = httpx.Client(base_url=url, trust_env=False)
        inbox = self.ask("POST", "/inboxes", name="Shop")
        made = self.ask("POST", f"/inboxes/{inbox['id']}/identity-keys")
        self.widget_key = inbox["widget_key"]
        self.key = {name: made[name] for name in ("kid", "secret")} | {
            "widget_key": self.widget_key
        }

    def ask(self, method: str, path: str, **content: Any) -> Any:
        answer = self.team.request(method, path, json=content or None)
        assert answer.is_success, answer.text
        return answer.json()

    def identify(self, token: str) -> httpx.Response:
        """As a browser that was never there."""
        device = {
            "Authorization": "Bearer kd_" + secrets.token_urlsafe(32),
            "X-Kefu-Widget": self.widget_key,
        }
        return self.visitors.post("/identity", json={"jwt": token}, headers=device)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    server = ConfiguredServer(tmp_path_factory.mktemp("identity") / "data")
    admin = prepare(server.data_dir)
    with server:
        made = Shop(server, admin.headers)
        yield made
        made.team.close()
        made.visitors.close()


def test_a_server_knows_whom_every_language_vouched_for(vouch: Vouch, shop: Shop):
    for one, token in zip(VECTORS, tokens(vouch, VECTORS, shop.key), strict=True):
        answer = shop.identify(token)
        if "refused" in one:
            assert answer.json()["error"]["code"] == one["refused"], one["about"]
            continue
        assert answer.is_success, (one["about"], answer.text)
        proved, person = answer.json(), one["identity"]
        assert proved["verified"]
        contact = shop.ask("GET", f"/contacts/{proved['id']}")
        assert contact["name"] == proved["name"]
        told = {name: value for name, value in person.items() if value and name != "user_id"}
        assert {name: contact[name] for name in told} == told, one["about"]
        again = shop.identify(token).json()  # another browser of the same person
        assert again == proved
