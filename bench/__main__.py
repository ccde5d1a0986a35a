"""The benchmark's command line: ``python -m bench``.

Tables go to standard output, progress to standard error.
"""

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bench import servers
from bench.modes import FULL, MODES, QUICK, measure
from bench.plot import draw
from bench.report import markdown
from bench.results import Measured, Results, circumstances, read, write
from bench.wire import WireFault

_KEYS = [kind.key for kind in (servers.KEFU, servers.RELAY, servers.ROOMS, servers.DIRECT)]
_RESULTS = Path(__file__).parent / "results"
_EPILOG = """
Examples:  make bench  ·  python -m bench --quick  ·  python -m bench --only relay,direct
·  python -m bench --quick --only idle --servers ws,socket.io
"""


def _listed(known: list[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if unknown := set(value.split(",")) - set(known):
            raise typer.BadParameter(f"{', '.join(sorted(unknown))}: not one of {', '.join(known)}")
        return value

    return check


def main(
    only: Annotated[
        str, typer.Option(help="Measurements to run.", callback=_listed(list(MODES)))
    ] = ",".join(MODES),
    servers_: Annotated[
        str, typer.Option("--servers", help="Servers to run.", callback=_listed(_KEYS))
    ] = ",".join(_KEYS),
    quick: Annotated[
        bool,
        typer.Option(help="A small run of seconds that shows it works; its figures mean little."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Directory for latest.json, latest.md and the plots. [bench/results]"),
    ] = None,
) -> None:
    """Measure Kefu beside its peers, about 12 minutes in all; ratios are what counts.

    A full run replaces the measured parts of bench/results; a quick one only prints.
    """
    _allow_many_connections()
    servers.pin(servers.GENERATOR_CORE)
    results: Results = {}
    try:
        for mode in only.split(","):
            where = circumstances()
            cases = measure(mode, QUICK if quick else FULL, servers_.split(","), _tell)
            results[mode] = Measured(where, cases)
    except (servers.CannotRun, WireFault, TimeoutError) as fault:
        _tell(f"bench: {str(fault) or 'a server did not answer in time'}")
        raise typer.Exit(2) from fault
    typer.echo(markdown(results))
    if out is None and not quick:
        out = _RESULTS
    if out is not None:
        _keep(results, out)


def _keep(results: Results, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    latest = out / "latest.json"
    kept = read(latest) | results
    write(kept, latest)
    (out / "latest.md").write_text(markdown(kept))
    draw(kept, out)
    _tell(f"written: {out}")


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it


def _tell(line: str) -> None:
    typer.echo(line, err=True)


app = typer.Typer(add_completion=False)
app.command(epilog=_EPILOG)(main)

if __name__ == "__main__":
    app()
