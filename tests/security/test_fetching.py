"""S17: where the server goes because somebody says so. An admin is nobody special here."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from typing import Any

import kefu
from tests.core.unsafe_urls import UNSAFE
from tests.outbound.servers import Answer, Server, redirect, reply, serving
from tests.security.asking import OK, Asker, Rest
from tests.security.office import MARK, Office, draw
from tests.security.witness import undisturbed

TOLD_S = 10.0
# Whatever can open a connection, and who may use it for what.
NETWORK = {
    *("httpx", "httpcore", "aiohttp", "requests", "urllib3", "urllib.request", "http.client"),
    *(
        "smtplib",
        "ftplib",
        "telnetlib",
        "poplib",
        "imaplib",
        "xmlrpc.client",
        "socket",
        "websockets",
    ),
    "kefu.outbound.exchange",
}
CONNECTS = {
    *("create_connection", "open_connection", "sock_connect"),
    *("create_unix_connection", "open_unix_connection", "create_datagram_endpoint"),
}
GATES = {
    "outbound/fetch.py": {"kefu.outbound.exchange", "socket"},
    "outbound/mail.py": {"smtplib"},
    "app.py": {"socket"},  # listens
    "cli/running.py": {"socket"},  # listens
    "storage/lines.py": {"socket"},  # shuts what leads to a database that hangs
}


async def test_s17_no_webhook_leads_inside_though_an_admin_sets_it(office, asker: Asker):
    here = f"http://127.0.0.1:{office.port}/health"
    made = await asker.ask(office.admin, "webhook.create", url="https://hooks.example/x")
    office.heard.secrets.add(made.values["secret"])
    webhook = made.values["id"]
    async with undisturbed(office):
        for url in (here, *(one.values[0] for one in UNSAFE)):
            created = await asker.ask(office.admin, "webhook.create", url=url)
            assert created.code in ("unsafe_url", "bad_input"), url
            moved = await asker.ask(office.admin, "webhook.update", webhook=webhook, url=url)
            assert moved.code in ("unsafe_url", "bad_input"), url
    now = (await asker.ask(office.admin, "webhook.get", webhook=webhook)).values
    assert now["url"] == "https://hooks.example/x"
    assert (await asker.ask(office.admin, "webhook.delete", webhook=webhook)).code == OK


async def test_s17_a_webhook_is_not_led_on_and_tells_nothing_of_where_it_was(office, rest: Rest):
    """The operator allowed one port of this machine; its answers lead to another."""
    answers: list[Answer] = [reply(MARK.encode(), "500 No", X_Inner=MARK)]
    async with (
        serving(reply(b"inner")) as inner,
        serving(first_of(answers), port=office.hook_port) as outer,
        undisturbed(office),
    ):
        inside = f"http://127.0.0.1:{inner.port}/"
        answers += [redirect(inside, f"{code} Elsewhere") for code in (301, 302, 303, 307, 308)]
        answers += [redirect(f"//127.0.0.1:{inner.port}/"), redirect("file:///etc/passwd")]
        heard = await deliveries(office, rest, len(answers))
        assert len(outer.heads) >= len(answers)
        assert inner.connections == 0
    assert MARK not in heard


def first_of(answers: list[Answer]) -> Answer:
    """Gives each answer in turn, the last for ever."""
    given = iter(range(1_000_000))

    async def write(writer: asyncio.StreamWriter, head: str) -> None:
        await answers[min(next(given), len(answers) - 1)](writer, head)

    return write


async def deliveries(office: Office, asker: Asker, most: int) -> str:
    """Test a webhook so often; returns what its log tells then."""
    url = f"http://127.0.0.1:{office.hook_port}/hook"
    made = await asker.ask(office.admin, "webhook.create", url=url, inbox=office.other)
    webhook = made.values["id"]
    for number in range(1, most + 1):
        assert (await asker.ask(office.admin, "webhook.test", webhook=webhook)).code == OK
        async with asyncio.timeout(TOLD_S):
            while True:
                log = await asker.ask(office.admin, "webhook.deliveries", webhook=webhook)
                tests = [one for one in log.values["items"] if one["type"] == "webhook.test"]
                if sum("tried_at" in one for one in tests) >= number:
                    break
                await asyncio.sleep(0.02)
    assert (await asker.ask(office.admin, "webhook.delete", webhook=webhook)).code == OK
    return log.told


async def test_s17_no_address_that_people_mention_is_visited(office, asker: Asker):
    """Pictures of cards, links, the visitor's page: they are for browsers."""
    async with serving(reply()) as inner, undisturbed(office):
        await mention(office, asker, inner)
        assert inner.connections == 0


async def mention(office: Office, asker: Asker, inner: Server) -> None:
    url = f"https://127.0.0.1:{inner.port}/x.png"
    chat, insider = office.chat(), office.agents["insider"]
    card: dict[str, Any] = {"type": "card", "title": "x", "image_url": url}
    card["buttons"] = [{"type": "link", "label": "x", "url": url}]
    said: dict[str, Any] = {"conversation": chat.conversation, "client_id": draw("")}
    text = f"![x]({url}) {url}"
    sent = await asker.ask(insider, "message.send", text=text, blocks=[card], **said)
    assert sent.code == OK, sent.told
    fields = {"client_id": draw(""), "text": url, "page": url, "referrer": url}
    begun = await asker.ask(office.visitor(), "conversation.start", **fields)
    assert begun.code == OK, begun.told


def test_s17_one_module_fetches_and_one_sends_mail():
    root = Path(kefu.__file__).parent
    found: dict[str, set[str]] = {}
    connecting = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Attribute) and node.attr in CONNECTS:
                connecting.add(str(file.relative_to(root)))
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                names = [module, *(f"{module}.{one.name}" for one in node.names)]
            if used := NETWORK.intersection(names):
                found.setdefault(str(file.relative_to(root)), set()).update(used)
    assert found == GATES
    # The command line asks whether anybody listens where the server on this data said that it is.
    assert connecting == {"outbound/exchange.py", "cli/running.py"}
