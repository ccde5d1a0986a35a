"""S30 and S31: what a request says of the host and the path opens nothing, and leads nowhere."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

from tests.clients.raw import raw_connection
from tests.outbound.smtp import MailBox, smtp_server
from tests.security.asking import Rest
from tests.security.conftest import opened
from tests.security.office import MARK, NOBODY, Office, Person, draw
from tests.security.witness import undisturbed

EVIL = "evil.example"
PUBLIC = "https://chat.example.com"
LETTER_S = 15.0


def targets(path: str, port: int) -> Iterator[str]:
    """Ways to ask for ``path`` that some servers take and some do not."""
    bare = path.lstrip("/")
    yield from (path, bare, f"/{path}", f"//{EVIL}{path}", f"/.{path}", f"/x/..{path}")
    yield from (f"http://{EVIL}{path}", f"http://127.0.0.1:{port}{path}", f"HTTP://{EVIL}:80{path}")
    yield from (f"//{bare}", f"/{bare}/", f"/{bare}/.", f"/{bare};x=1", f"/{bare}%00", f"/{bare}#x")
    yield from (path.upper(), path.replace("a", "%61", 1), path.replace("/", "%2f"), f"\\{bare}")
    yield from ("*", "", "/", "?", f"/{bare}/..;/conversations", f"{path}%2f..%2fconversations")
    yield f"/health/..{path}"


def hosts(port: int) -> Iterator[str]:
    """Heads with a Host of another form, or another one, or none."""
    here = f"127.0.0.1:{port}"
    for host in (
        *(
            EVIL,
            "",
            "localhost",
            "localhost:1",
            f"{here}@{EVIL}",
            f"{EVIL}#{here}",
            f"{here}, {EVIL}",
        ),
        *(
            "[::1",
            "[::1]",
            "a b",
            "x/../y",
            "127.1",
            "0",
            "%00",
            f"{here}.{EVIL}",
            "é",
            "x" * 5_000,
        ),
    ):
        yield f"Host: {host}\r\n"
    yield ""
    yield f"Host: {here}\r\nHost: {EVIL}\r\n"
    yield f"Host : {here}\r\n"
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "X-Host", "Forwarded"):
        yield f"Host: {here}\r\n{name}: {'host=' if name == 'Forwarded' else ''}{EVIL}\r\n"


async def ask_raw(office: Office, head: str) -> str:
    """The whole answer to a request with this head; "" if there was none."""
    async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
        await raw.send(f"{head}Connection: close\r\n\r\n".encode())
        answer = (await raw.ended()).decode("utf-8", "replace")
    office.heard.answer(head.splitlines()[0], answer)
    return answer


def status(answer: str) -> int:
    return int(answer.split()[1]) if answer else 0


async def test_s30_however_it_is_asked_for_nobody_reads_what_is_for_the_team(office):
    office.chat()
    async with undisturbed(office):
        for path in ("/api/v1/conversations", "/api/v1/agents", "/api/v1/events"):
            for target in targets(path, office.port):
                answer = await ask_raw(office, f"GET {target} HTTP/1.1\r\nHost: x\r\n")
                assert status(answer) < 500, target
                assert '"items"' not in answer, target
                assert '"events"' not in answer, target
                assert MARK not in answer, target


async def test_s30_whatever_the_host_is_said_to_be_people_are_who_they_are(office):
    """A visitor sees their own and no more, the cookie counts for our own page and no other."""
    office.chat()
    visitor = office.chat(text="own").visitor
    for host in hosts(office.port):
        for who, path in (
            (NOBODY, "/api/v1/conversations"),
            (visitor, "/api/v1/conversations"),
            (visitor, "/api/v1/agents"),
            (NOBODY._replace(origin=f"http://{EVIL}"), "/api/v1/me"),
        ):
            said = "".join(f"{name}: {value}\r\n" for name, value in who.headers.items())
            answer = await ask_raw(office, f"GET {path} HTTP/1.1\r\n{host}{said}")
            assert status(answer) < 500, host
            assert MARK not in answer, host
            if who is not visitor or path.endswith("agents"):
                assert status(answer) in (400, 401, 403, 431), (host, answer)


async def test_s30_a_handshake_in_another_form_is_checked_like_any_other(office):
    """With the console's cookie, of a foreign page."""
    told = Person(cookie="ks_" + "A" * 43, origin=f"https://{EVIL}").headers
    said = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    upgrade = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kefu.v1\r\n"
    )
    for target in targets("/api/v1/realtime", office.port):
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{office.port}\r\n{said}{upgrade}"
        async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
            await raw.send(f"{head}\r\n".encode())
            line = await raw.reader.readline()
        assert b" 101 " not in line, target


async def test_s30_links_in_letters_begin_with_the_configured_url(tmp_path: Path):
    """Whatever host the visitor and the agent have asked under."""
    async with smtp_server() as box:
        mail = {"host": box.server.host, "port": box.server.port, "security": "none"}
        mail["from_address"] = "desk@example.com"
        server, limits = {"public_url": PUBLIC}, {"answer_mail_s": 0.2}
        office = Office(tmp_path / "data", mail=mail, server=server, limits=limits)
        with opened(office):
            async with Rest.open(office) as rest:
                await answered(rest)
            text = await letter(box)
    links = re.findall(r"https?://[^\s\"'<>]+", text)
    assert links
    assert all(link.startswith(f"{PUBLIC}/") for link in links), links
    assert EVIL not in text


async def answered(rest: Rest) -> None:
    """A visitor writes and leaves an address; they are away when they get an answer."""
    office = rest.office
    forged = {"Host": EVIL, "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}"}
    chat, insider = office.chat(text="hello"), office.agents["insider"]
    path = f"/conversations/{chat.conversation}"
    for who, method, below, body in (
        (chat.visitor, "PUT", "/email", {"email": "li@example.org"}),
        (insider, "POST", "/messages", {"client_id": draw(""), "text": "an answer"}),
    ):
        said = await rest.send(who, method, path + below, json=body, headers=forged)
        assert said.is_success, said.text


async def letter(box: MailBox) -> str:
    async with asyncio.timeout(LETTER_S):
        while not box.messages:  # noqa: ASYNC110 - it is another thread that puts it there
            await asyncio.sleep(0.05)
    parts = [part for part in box.messages[0].walk() if part.get_content_maintype() == "text"]
    return "\n".join(part.get_content() for part in parts)


async def test_s30_links_for_agents_name_no_host_of_the_request(office, rest: Rest):
    """None but the server's own: what a request calls it may be somebody else's."""
    made = {"name": f"Person {draw('')}", "role": "agent", "email": f"{draw('')}@example.com"}
    headers = {"Host": EVIL, "X-Forwarded-Host": EVIL}
    answer = await rest.send(
        office.admin, "POST", "/agents", tells=True, json=made, headers=headers
    )
    assert answer.json()["link"]["url"].startswith(f"{office.base_url}/join#kl_")
    assert EVIL not in answer.text


ELSEWHERE = (
    *(f"//{EVIL}", f"//{EVIL}/", f"/\\{EVIL}", f"/\\/{EVIL}", f"/%2f%2f{EVIL}", f"/%5c%5c{EVIL}"),
    *(f"//{EVIL}/..", f"//{EVIL}/%2e%2e", f"//{EVIL}/assets", f"///{EVIL}/assets", "/assets"),
    *(f"/.//{EVIL}", f"/assets/..//{EVIL}", f"/%09//{EVIL}", f"/https://{EVIL}", "/api", "/api/v1"),
    *(f"/%0d%0aLocation:%20//{EVIL}", f"/assets%0d%0aLocation:%20//{EVIL}", "/socket.io", "/zh"),
)
ASKED = ("", *(f"?{name}=//{EVIL}" for name in ("next", "url", "return", "redirect", "continue")))


async def test_s31_no_answer_leads_to_another_site(office):
    pages = ("/", "/index.html", "/join", "/setup/", "/api/v1/docs", "/getroom", "/getroom/")
    async with undisturbed(office):
        for path in (*ELSEWHERE, *pages):
            for query in ASKED:
                for host in (f"127.0.0.1:{office.port}", EVIL):
                    head = f"GET {path}{query} HTTP/1.1\r\nHost: {host}\r\n"
                    answer = await ask_raw(office, head)
                    assert status(answer) < 500, path
                    names = {
                        line.partition(":")[0].lower()
                        for line in answer.partition("\r\n\r\n")[0].splitlines()[1:]
                    }
                    assert not names & {"location", "refresh", "content-location"}, (path, host)
