"""Pictures of the results: one bar a server, the ratio to Kefu written on it.

Not here: the numbers themselves (``bench.report`` has them in full).
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.axes import Axes

from bench.results import Case, Results
from bench.servers import KEFU

_OURS, _THEIRS = "#0f766e", ["#94a3b8", "#cbd5e1", "#e2e8f0"]
_PLOTS = (  # mode, figure, title, unit
    ("relay", "cpu_us", "Rooms protocol: server CPU per message", "µs, {size:,} pairs"),
    ("realtime", "cpu_us", "kefu.v1: server CPU per message", "µs, {size:,} pairs"),
    ("direct", "cpu_us", "Direct protocol: server CPU per message", "µs, {size:,} pairs"),
    ("fixed", "p99_ms", "p99 from sender to peer at 2,000 messages/s", "ms, {size:,} pairs"),
    ("logins", "mib", "Bytes sent to clients while they log in", "MiB, {size:,} logins"),
    ("idle", "kib", "Memory per silent connection", "KiB, {size:,} connections"),
)


def draw(results: Results, directory: Path) -> list[Path]:
    """Write ``MODE.png`` for every mode measured; return the files."""
    written = []
    for mode, figure, title, unit in _PLOTS:
        if mode not in results:
            continue
        cases = results[mode].cases
        sizes = list(dict.fromkeys(case.size for case in cases))
        picture, panels = pyplot.subplots(
            1,
            len(sizes),
            figsize=(4.2 * len(sizes) + 1.5, 3.2),
            squeeze=False,
            layout="constrained",
        )
        picture.suptitle(title, fontweight="bold")
        for panel, size in zip(panels[0], sizes, strict=True):
            _bars(panel, [case for case in cases if case.size == size], figure)
            panel.set_xlabel(unit.format(size=size))
        path = directory / f"{mode}.png"
        picture.savefig(path, dpi=110)
        pyplot.close(picture)
        written.append(path)
    return written


def _bars(panel: Axes, cases: list[Case], figure: str) -> None:
    values = [case.median(figure) for case in cases]
    ours = {
        case.server.partition(", ")[2]: value
        for case, value in zip(cases, values, strict=True)
        if case.server.startswith(KEFU.label)
    }
    colours = [_OURS if case.server.startswith(KEFU.label) else _THEIRS[0] for case in cases]
    bars = panel.barh([case.server for case in cases], values, color=colours)
    labels = []
    for case, value in zip(cases, values, strict=True):
        mine = ours.get(case.server.partition(", ")[2])
        times = (
            f"  ({value / mine:.2g} × Kefu)" if mine and not case.server.startswith("Kefu") else ""
        )
        labels.append(f" {value:,.3g}{times}")
    panel.bar_label(bars, labels)
    panel.set_xlim(0, max(values) * 1.45)
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)
