"""What a message costs at the rates of a real desk: ``python -m bench.rate``.

kefu.v1, visitors and agents in conversations of their own, 1 to 200 messages a second in all, the
search index on, without and with a webhook that hears of every message. CPU µs of the server
process for each message (at 1 a second that is mostly what the server does of itself), p50 and p99
from the visitor's write to the agent's read; beside them the p99 of a bare group commit at the same
rate. ``--beside CHECKOUT`` measures another checkout's server in the same rounds. Writes
``bench/results/rate.json`` and ``rate.md``.
Not here: the load (``bench.load``), what is said (``bench.realtime``).
"""

import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import typer
import uvloop

from bench import servers
from bench.load import Figures, Timing, at_rate, talking_pairs
from bench.modes import bare_commit
from bench.realtime import REALTIME, Realtime
from bench.results import circumstances
from bench.servers import Kind, Server

RATES = (1, 10, 50, 200)  # messages a second
PAIRS = 20
ROUNDS = 3
BARE = "bare group commit"
_HERE = Path(__file__).parent.parent
_RESULTS = Path(__file__).parent / "results"
_SECRET = "whsec_" + "a2VmdS1iZW5jaG1hcmstc2VjcmV0LXNlY3JldA=="
# In whatever checkout it is run.
_FILL = (
    "import sys, pathlib, bench.realtime as r;"
    " (getattr(r, 'fill', None) or r._fill)(pathlib.Path(sys.argv[1]))"
)
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def _kind(checkout: Path, hook_port: int) -> Kind:
    """The server of a checkout, with its own store; ``hook_port``: 0 for no webhook."""

    def command(port: int, _classic_port: int, data: Path) -> list[str]:
        path = {"PYTHONPATH": f"{checkout / 'src'}"}
        subprocess.run(
            [sys.executable, "-c", _FILL, str(data)],
            cwd=checkout,
            env=os.environ | path,
            check=True,
        )
        if hook_port:
            _add_hook(data / "kefu.db", f"http://127.0.0.1:{hook_port}/")
        config = data / "kefu.toml"
        config.write_text(
            f"[server]\nport = {port}\n[storage]\ndata = {json.dumps(str(data))}\n"
            '[outbound]\nallow = ["127.0.0.0/8"]\n'
        )
        serve = f"import sys; sys.path.insert(0, {str(checkout / 'src')!r})\n"
        serve += "from kefu.cli.main import run; sys.exit(run())"
        return [sys.executable, "-c", serve, "serve", "--config", str(config)]

    return replace(REALTIME, command=command)


def _add_hook(database: Path, url: str) -> None:
    with sqlite3.connect(database) as conn:
        conn.execute(
            "INSERT INTO webhook (url, secrets, last_id, created_ms) VALUES (?, ?, 0, 0)",
            (url, json.dumps([_SECRET])),
        )
    conn.close()


class _Receiver(asyncio.Protocol):
    """Takes every event; keeps the connection if the sender does."""

    def __init__(self, connected: "set[_Receiver]") -> None:
        self._connected, self._rest = connected, b""
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is one but for its ancestry
        self._transport = cast(asyncio.WriteTransport, transport)
        self._connected.add(self)

    def connection_lost(self, _why: Exception | None) -> None:
        self._connected.discard(self)
        self.gone.set_result(None)

    async def close(self) -> None:
        self._transport.abort()
        await self.gone

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while True:
            head, end, rest = self._rest.partition(b"\r\n\r\n")
            lowered = head.lower()
            length = lowered.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if not end or len(rest) < int(length or 0):
                return
            self._rest = rest[int(length or 0) :]
            self._transport.write(_OK)
            if b"connection: close" in lowered:
                self._transport.close()


@asynccontextmanager
async def _receiving(port: int) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    connected: set[_Receiver] = set()
    listening = await loop.create_server(lambda: _Receiver(connected), "127.0.0.1", port)
    async with listening:
        try:
            yield
        finally:
            listening.close()
            # uvloop cannot end while the server still writes to one of them
            await asyncio.gather(*(receiver.close() for receiver in list(connected)))


async def _talk(server: Server, timing: Timing, hook_port: int) -> Figures:
    async with _receiving(hook_port), talking_pairs(Realtime(server), PAIRS) as (pairs, tally):
        return await at_rate(server, pairs, tally, timing)


async def _rest(server: Server, timing: Timing) -> Figures:
    """What the server does for nobody."""
    await asyncio.sleep(timing.warm_up_s)
    cpu_s = server.cpu_s()
    await asyncio.sleep(timing.window_s)
    return {"cpu_ms_per_s": (server.cpu_s() - cpu_s) / timing.window_s * 1e3}


def measure(
    checkouts: dict[str, Path], *, rounds: int, timing: Timing, rates: Sequence[int] = RATES
) -> dict[str, list[Figures]]:
    """Figures of each round by "server, webhook, rate"."""
    found: dict[str, list[Figures]] = {}
    for number in range(rounds):
        for rate in rates:
            timing = replace(timing, rate=float(rate))
            found.setdefault(f"{BARE}, –, {rate}", []).append(bare_commit(timing))
            for (name, checkout), hooked in (
                (one, hooked) for hooked in (False, True) for one in checkouts.items()
            ):
                (port,) = servers.free_ports(1)
                with servers.running(_kind(checkout, port if hooked else 0)) as server:
                    figures = uvloop.run(_talk(server, timing, port))
                key = f"{name}, {'on' if hooked else 'off'}, {rate}"
                found.setdefault(key, []).append(figures)
                typer.echo(f"round {number + 1}: {key}: {figures}", err=True)
        for name, checkout in checkouts.items():
            with servers.running(_kind(checkout, 0)) as server:
                figures = uvloop.run(_rest(server, timing))
            found.setdefault(f"{name}, off, 0", []).append(figures)
            typer.echo(f"round {number + 1}: {name} with nobody: {figures}", err=True)
    return found


def markdown(found: dict[str, list[Figures]]) -> str:
    """A table of the medians; the last column is a ratio to the bare commit of the same rate."""
    lines = [
        "| server | webhook | messages/s | CPU µs each | p50 ms | p99 ms | p99 : bare commit's |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for key, rounds in found.items():
        name, hook, rate = key.rsplit(", ", 2)
        if rate == "0":
            idle = statistics.median(each["cpu_ms_per_s"] for each in rounds)
            lines.append(f"| {name} | {hook} | 0 | {idle:.1f} ms a second in all | | | |")
            continue
        bare = found[f"{BARE}, –, {rate}"]
        cpu, p50, p99 = (
            statistics.median(each[name] for each in rounds)
            for name in ("cpu_us", "p50_ms", "p99_ms")
        )
        ratio = statistics.median(
            each["p99_ms"] / its["p99_ms"] for each, its in zip(rounds, bare, strict=True)
        )
        figures = f"{cpu:,.0f} | {p50:.2f} | {p99:.2f} | {ratio:.1f}"
        lines.append(f"| {name} | {hook} | {rate} | {figures} |")
    return "\n".join(lines) + "\n"


def main(
    beside: Annotated[
        Path | None, typer.Option(help="Another checkout, measured in the same rounds.")
    ] = None,
    rounds: Annotated[int, typer.Option(help="Medians are taken over these.")] = ROUNDS,
    window_s: Annotated[float, typer.Option(help="How long each case is watched.")] = 10.0,
    keep: Annotated[bool, typer.Option(help="Write bench/results/rate.*")] = True,
) -> None:
    """Measure what a message costs at 1, 10, 50 and 200 messages a second."""
    servers.pin(servers.GENERATOR_CORE)
    checkouts = {"Kefu": _HERE} | ({"before": beside.absolute()} if beside else {})
    where, began_s = circumstances(), time.monotonic()
    found = measure(checkouts, rounds=rounds, timing=Timing(3.0, window_s))
    typer.echo(markdown(found))
    if keep:
        kept = {"circumstances": where, "rounds": found}
        (_RESULTS / "rate.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        (_RESULTS / "rate.md").write_text(
            markdown(found) + "\n" + "\n".join(f"- {k}: {v}" for k, v in where.items()) + "\n"
        )
    typer.echo(f"{time.monotonic() - began_s:.0f} s", err=True)


if __name__ == "__main__":
    typer.run(main)
