"""How long the desk's pages take in a large store: lists, a conversation's history, search.

``python -m bench.desk`` fills a SQLite store with a million messages in fifty thousand
conversations, starts `kefu serve` on it, waits until the search has caught up, asks over HTTP as
an admin's console does, and prints p50 and p95 in ms; then it kills the server and starts it again.
``--messages 20000`` shows in seconds that it runs.
Not here: CPU per message, peers (``bench.modes``).
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from sqlalchemy import Connection, Table, insert, select

from bench import servers
from bench.results import circumstances
from kefu.storage import indexing, schema
from kefu.storage.engine import writer_engine
from kefu.storage.migrations import migrate

PER_CONVERSATION = 20
LIVE = 1_000  # conversations that are not resolved
AGENTS = 20
ASKED = 300  # requests of each kind
BEGAN_MS = 1_700_000_000_000
WORDS = [
    "订单",
    "退款",
    "发票",
    "快递",
    "地址",
    "会员",
    "优惠券",
    "客服",
    "您好",
    "谢谢",
    "请问",
    "什么时候",
    "已经",
    "收到",
    "没有",
    "帮我",
    "修改",
    "order",
    "refund",
    "invoice",
    "delivery",
    "address",
    "coupon",
    "hello",
    "thanks",
    "when",
    "please",
    "change",
    "number",
    "status",
    "password",
    "account",
    "login",
    "error",
    "page",
    "button",
    "mobile",
    "payment",
    "card",
]
TOKEN = "ks_bench".ljust(46, "0")

_RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Took:
    """Latencies of one kind of request, in ms."""

    what: str
    p50: float
    p95: float
    found: int  # items of the last answer


def main(
    messages: Annotated[int, typer.Option(help="How many to store.")] = 1_000_000,
    out: Annotated[Path | None, typer.Option(help="Directory for desk.json and desk.md.")] = None,
) -> None:
    """Fill a store, ask, print."""
    random.seed(1)
    servers.pin(servers.GENERATOR_CORE)
    with servers.data_directory() as directory:
        _tell(f"filling {messages:,} messages ...")
        fill(directory, messages)
        with _serving(directory) as (client, ready_s):
            _tell(f"ready after {ready_s:.2f} s")
            indexed_s = _wait_indexed(directory, client)
            _tell(f"search caught up after {indexed_s:.0f} s")
            took = [_measure(client, *kind) for kind in _kinds(messages)]
        with _serving(directory) as (_, again_s):  # after a kill -9
            pass
    table = _markdown(messages, took, ready_again_s=again_s)
    typer.echo(table)
    if out is None and messages >= 1_000_000:
        out = _RESULTS
    if out:
        kept = {"where": circumstances(), "messages": messages, "ready_again_s": again_s}
        kept["took"] = [vars(one) for one in took]
        (out / "desk.json").write_text(json.dumps(kept, indent=2, default=str) + "\n")
        (out / "desk.md").write_text(table + "\n")


def fill(directory: Path, messages: int) -> None:
    """Make the store, as if ``messages`` had come in over a few years."""
    url = f"sqlite:///{directory / 'kefu.db'}"
    migrate(url)
    engine = writer_engine(url, lock_wait_s=3)
    conversations = max(1, messages // PER_CONVERSATION)
    with engine.begin() as conn:
        inbox_id = _people(conn)
        for start in range(1, conversations + 1, 5_000):
            numbers = range(start, min(start + 5_000, conversations + 1))
            _conversations(conn, numbers, inbox_id, first_live=conversations - LIVE)
            _tell(f"  {min(numbers[-1] * PER_CONVERSATION, messages):,}")
    engine.dispose()


def _people(conn: Connection) -> int:
    """An admin with a session, agents, one inbox; returns its id."""
    values = {"role": "agent", "created_ms": BEGAN_MS}
    _add(conn, schema.agent, [{"name": f"Agent {n}", **values} for n in range(1, AGENTS + 1)])
    admin = {"name": "Admin", "email": "admin@example.com", **values, "role": "admin"}
    admin_id = conn.execute(insert(schema.agent).values(admin).returning(schema.agent.c.id))
    session = {
        "token_hash": sha256(TOKEN.encode()).hexdigest(),
        "agent_id": admin_id.scalar_one(),
        "created_ms": time.time_ns() // 1_000_000,
        "seen_ms": time.time_ns() // 1_000_000,
        "expires_ms": time.time_ns() // 1_000_000 + 86_400_000,
    }
    _add(conn, schema.session, [session])
    inbox = {"kind": "widget", "name": "Shop", "widget_key": "wk_bench", "created_ms": BEGAN_MS}
    made = conn.execute(insert(schema.inbox).values(inbox).returning(schema.inbox.c.id))
    return int(made.scalar_one())


def _conversations(conn: Connection, numbers: range, inbox_id: int, *, first_live: int) -> None:
    people = [{"id": n, "name": f"Visitor {n}", "created_ms": _at(n, 1)} for n in numbers]
    _add(conn, schema.contact, people)
    _add(conn, schema.conversation, [_row(n, inbox_id, n > first_live) for n in numbers])
    sides = (("visitor", "Visitor {}", "contact_id"), ("agent", "Agent {}", "agent_id"))
    for side, (role, name, column) in enumerate(sides):
        rows = [
            {
                "id": 2 * n + side,
                "conversation_id": n,
                "role": role,
                "name": name.format(_who(n, side)),
                column: _who(n, side),
            }
            for n in numbers
        ]
        _add(conn, schema.participant, rows)
    rows = [
        {
            "id": (n - 1) * PER_CONVERSATION + seq,
            "conversation_id": n,
            "seq": seq,
            "sender_id": 2 * n + seq % 2,
            "client_id": f"{n:08x}{seq:04x}",
            "text": " ".join(random.choices(WORDS, k=12)) + f" {n}{seq:02}",
            "sent_ms": _at(n, seq),
        }
        for n in numbers
        for seq in range(1, PER_CONVERSATION + 1)
    ]
    _add(conn, schema.message, rows)


def _row(n: int, inbox_id: int, live: bool) -> dict[str, Any]:
    last = PER_CONVERSATION
    return {
        "id": n,
        "key": f"desk:{n}",
        "kind": "desk",
        "inbox_id": inbox_id,
        "contact_id": n,
        "assignee_id": _who(n, 1),
        "status": "open" if live else "resolved",
        "last_seq": last,
        "last_public_seq": last,
        "last_message_seq": last,
        "last_id": n * last,
        "created_ms": _at(n, 1),
        "reopen_until_ms": None if live else 0,
    }


def _who(n: int, side: int) -> int:
    return n % AGENTS + 1 if side else n


def _at(n: int, seq: int) -> int:
    return BEGAN_MS + n * 60_000 + seq * 1_000


def _add(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    conn.execute(insert(table), rows)


Kind = tuple[str, str, dict[str, Any]]


def _kinds(messages: int) -> Iterator[Kind]:
    """What a console asks for: a name, the path, the query; a list is drawn from each time."""
    conversations = max(1, messages // PER_CONVERSATION)
    one = [f"/conversations/{random.randint(1, conversations)}" for _ in range(ASKED)]
    yield "list, open", "/conversations", {"status": "open"}
    yield "list, mine", "/conversations", {"status": "open", "assignee": "7"}
    yield "list, resolved", "/conversations", {"status": "resolved"}
    yield "list, one contact's", "/conversations", {"contact": [*range(1, conversations + 1)]}
    yield "history, newest page", "{one}/messages", {"one": one, "before": 2**31 - 1}
    yield "history, from the start", "{one}/messages", {"one": one, "after": 0}
    rare = [f"{random.randint(1, conversations)}{seq:02}" for seq in range(1, 21)]
    for name, text in {
        "search, one number": rare,
        "search, two characters": ["退款", "发票", "地址", "会员"],
        "search, one character": ["退", "票", "址", "会"],
        "search, a common word": ["order", "refund", "hello"],
        "search, two words": ["订单 退款", "refund card", "优惠券 error"],
        "search, begin of a word": ["deliv", "passw", "coup"],
        "search, nothing": ["zzzzqqqq"],
    }.items():
        yield name, "/search/messages", {"text": text}
    yield "search for a contact", "/search/contacts", {"text": ["Visitor 17", "Visitor 4"]}


def _measure(client: httpx.Client, what: str, path: str, query: dict[str, Any]) -> Took:
    times, answer = [], None
    for _ in range(ASKED):
        drawn = {
            key: random.choice(value) if isinstance(value, list) else value
            for key, value in query.items()
        }
        url = path.format(one=drawn.pop("one", ""))
        began_s = time.perf_counter()
        answer = client.get(url, params=drawn)
        times.append((time.perf_counter() - began_s) * 1000)
        answer.raise_for_status()
    assert answer is not None
    found = len(answer.json()["items"])
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    _tell(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {found} found")
    return Took(what, p50, p95, found)


@contextmanager
def _serving(directory: Path) -> Iterator[tuple[httpx.Client, float]]:
    """A server on the store, and a signed-in client; killed at the end."""
    (port,) = servers.free_ports(1)
    config = directory / "kefu.toml"
    config.write_text(
        f"[server]\nport = {port}\n[storage]\ndata = {json.dumps(str(directory))}\n"
        "[limits]\ncommands_per_s = 100000\ncommands_burst = 1000000\n"
    )
    command = [str(Path(sys.executable).with_name("kefu")), "serve", "--config", str(config)]
    began_s = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, preexec_fn=partial(servers.pin, servers.SERVER_CORE)
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        ready_s = time.perf_counter() - began_s
        headers = {"authorization": f"Bearer {TOKEN}"}
        base = f"http://127.0.0.1:{port}/api/v1"
        with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
            yield client, ready_s
    finally:
        child.kill()
        child.communicate()


def _wait_indexed(directory: Path, client: httpx.Client) -> float:
    began_s = time.perf_counter()
    engine = writer_engine(f"sqlite:///{directory / 'kefu.db'}", lock_wait_s=30)
    newest = select(schema.message.c.id).order_by(schema.message.c.id.desc()).limit(1)
    reached = select(schema.consumer.c.last_id).where(schema.consumer.c.name == indexing.NAME)
    while True:
        with engine.connect() as conn:
            if (conn.scalar(reached) or 0) >= (conn.scalar(newest) or 0):
                break
        time.sleep(0.5)
    engine.dispose()
    return time.perf_counter() - began_s


def _markdown(messages: int, took: list[Took], *, ready_again_s: float) -> str:
    lines = [
        f"{messages:,} messages in {max(1, messages // PER_CONVERSATION):,} conversations; "
        f"ready after kill -9: {ready_again_s:.2f} s",
        "",
        "| request | p50 ms | p95 ms |",
        "|---|---:|---:|",
        *(f"| {one.what} | {one.p50:.1f} | {one.p95:.1f} |" for one in took),
    ]
    return "\n".join(lines)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    typer.run(main)
