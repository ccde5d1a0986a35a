"""What the console's benchmark makes of what a browser tells it."""

from __future__ import annotations

from bench.console import Minute, Start, table


def test_a_page_without_a_long_task_is_said_so():
    told = Minute(stored=3_000, heard=3_100, requests=0, frames_ms=[16.6, 16.7, 33.4], cpu_s=6.0)
    told.heap_before, told.heap_after = 10 * 2**20, 12 * 2**20
    cold, warm = [Start(1_450, 177_152, 249)], [Start(1_020, 0, 215)]
    lines = table(cold, warm, told).splitlines()
    assert "| full cache: the list is there, at 4 × CPU throttle | 1.5 s | 1.02 s |" in lines
    assert "| empty cache: bytes until then | – | 173 KiB |" in lines
    assert "| tasks of over 50 ms | 0 | 0 |" in lines
    assert "| longest task | 50 ms | < 50 ms |" in lines
    assert "| frames: median / p95 / p99 | – | 17 / 33 / 33 ms |" in lines
    assert "| main thread, per message | – | 2.0 ms |" in lines
    assert "| heap after, and what it grew by | – | 12.0, +2.0 MiB |" in lines


def test_the_longest_of_several_long_tasks_is_told():
    told = Minute(stored=1, heard=1, requests=2, tasks_ms=[51.0, 80.4], frames_ms=[16.7])
    lines = table([Start(1, 1, 1)], [Start(1, 1, 1)], told).splitlines()
    assert "| tasks of over 50 ms | 0 | 2 |" in lines
    assert "| longest task | 50 ms | 80 ms |" in lines
