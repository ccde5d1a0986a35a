"""The report people read: what was to be reached first, then every figure behind it.

Not here: pictures (``bench.plot``).
"""

from bench.budget import GOALS, find, ratio
from bench.results import Case, Results
from bench.servers import KEFU

_TALK = {
    "cpu_us": "CPU µs per message",
    "per_s": "messages/s",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "generator_share": "generator's core",
}
_COLUMNS = {
    "relay": _TALK,
    "realtime": _TALK,
    "direct": _TALK,
    "fixed": _TALK,
    "logins": {"mib": "MiB", "frames": "frames", "seconds": "seconds", "cpu_s": "CPU s"},
    "idle": {"kib": "KiB per connection", "start_mib": "MiB before"},
}
_TITLES = {
    "relay": ("Rooms protocol, one message in flight per sender", "pairs"),
    "realtime": ("kefu.v1 against the rooms' relay, one message in flight per sender", "pairs"),
    "direct": ("Direct protocol, one message in flight per sender", "pairs"),
    "fixed": ("Rooms protocol, 2,000 messages/s offered", "pairs"),
    "logins": ("Logins on the direct protocol", "logins"),
    "idle": ("Memory of silent connections", "connections"),
}
_COMPARED = {"fixed": "p99_ms", "logins": "mib", "idle": "kib"}  # elsewhere CPU


def markdown(results: Results) -> str:
    """Tables of ``results``. In each, a server's ratio is Kefu's figure divided by its own."""
    modes = [mode for mode in _TITLES if mode in results]
    parts = [_summary(results), *(_mode(mode, results) for mode in modes), _circumstances(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(results: Results) -> str:
    rows = []
    for goal in GOALS:
        if (value := goal.value(results)) is not None:
            limits = [f"≤ {_number(limit)} {goal.unit}" for limit in (goal.reach, goal.aim)]
            measured = f"{_number(value)} {goal.unit}"
            rows.append([goal.what, measured, *limits, goal.verdict(value)])
    head = ["Kefu against", "measured", "reach", "aim", ""]
    return "## Reached\n\n" + _table(head, rows) if rows else ""


def _mode(mode: str, results: Results) -> str:
    title, size = _TITLES[mode]
    columns, measured = _COLUMNS[mode], results[mode]
    head = ["server", size, *columns.values(), "Kefu : it"]
    rows = [
        [case.server, f"{case.size:,}", *_figures(case, columns), _compared(mode, case, results)]
        for case in measured.cases
    ]
    return f"## {title}\n\n{_table(head, rows)}"


def _figures(case: Case, columns: dict[str, str]) -> list[str]:
    missing = [name for name in columns if name not in case.rounds[0]]
    return ["" if name in missing else _number(case.median(name)) for name in columns]


def _compared(mode: str, case: Case, results: Results) -> str:
    dialect = case.server.partition(", ")[2]
    label = f"{KEFU.label}, {dialect}" if dialect else KEFU.label
    ours = find(results, mode, label, case.size)
    if ours is None or ours is case:
        return ""
    return _number(ratio(ours, case, _COMPARED.get(mode, "cpu_us")))


def _circumstances(results: Results) -> str:
    """What all modes have in common once, what differs by mode."""
    by_mode = {mode: measured.circumstances for mode, measured in results.items()}
    lines = []
    for name in next(iter(by_mode.values()), {}):
        values = {mode: each[name] for mode, each in by_mode.items()}
        if len(set(values.values())) == 1:
            lines.append(f"- {name}: {next(iter(values.values()))}")
        else:
            each = ", ".join(f"{mode} {value}" for mode, value in values.items())
            lines.append(f"- {name}: {each}")
    return "## Circumstances\n\n" + "\n".join(lines)


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
