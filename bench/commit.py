"""The floor under a stored message: insert and fsync at a fixed rate, with no network around it.

One writer thread takes what has gathered, inserts it in one transaction of SQLite (WAL,
``synchronous=FULL``) and commits. ``python -m bench.commit DIR RATE WARM_UP_S WINDOW_S`` prints
the figures as JSON; it is a process of its own so that it can be pinned like a server.
Not here: anything of Kefu's storage. This is what any server that stores first must pay.
"""

import json
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from bench.dialects import TEXT
from bench.load import TICK_S, Figures, percentile_ms

_Offered = SimpleQueue[float | None]  # when each message was offered; None ends the work


def bare_group_commit(
    directory: Path, *, rate: float, warm_up_s: float, window_s: float
) -> Figures:
    """Offer ``rate`` messages a second and return the latencies of those after the warm-up."""
    offered = _Offered()
    latencies_s: list[float] = []
    database = directory / "bare.db"
    writer = threading.Thread(target=_write, args=(database, offered, latencies_s))
    writer.start()
    cpu_s, total = time.process_time(), round(rate * (warm_up_s + window_s))
    start, sent = time.perf_counter(), 0
    while sent < total:
        while sent < min(total, (time.perf_counter() - start) * rate):
            offered.put(time.perf_counter())
            sent += 1
        time.sleep(TICK_S)
    offered.put(None)
    writer.join()
    measured = latencies_s[round(rate * warm_up_s) :]
    return {
        "cpu_us": (time.process_time() - cpu_s) / total * 1e6,
        "per_s": rate,
        "p50_ms": percentile_ms(measured, 50),
        "p99_ms": percentile_ms(measured, 99),
    }


def _write(path: Path, offered: _Offered, latencies_s: list[float]) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    for batch in _batches(offered):
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO message (text) VALUES (?)", [(TEXT,)] * len(batch))
        database.execute("COMMIT")
        now = time.perf_counter()
        latencies_s.extend(now - since for since in batch)
    database.close()


def _batches(offered: _Offered) -> Iterator[list[float]]:
    while (first := offered.get()) is not None:
        batch, ended = [first], False
        try:
            while not ended:
                following = offered.get_nowait()
                ended = following is None
                if following is not None:
                    batch.append(following)
        except Empty:
            pass
        yield batch
        if ended:
            return


if __name__ == "__main__":
    where, rate, warm_up_s, window_s = sys.argv[1:]
    figures = bare_group_commit(
        Path(where), rate=float(rate), warm_up_s=float(warm_up_s), window_s=float(window_s)
    )
    print(json.dumps(figures))
