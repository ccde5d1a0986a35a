"""The commands.

Rules: stdout is for what was asked (one ``ready`` line, the history, the version), stderr for
people. A command that cannot run says why in one line and exits with 2.
Not here: texts (``cli.texts``), what must be right before listening (``cli.running``), printing
history (``cli.history``), ``kefu agent`` (``cli.agents``), ``kefu inbox`` (``cli.inboxes``).
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

import kefu
from kefu import config
from kefu.cli import agents, inboxes, running
from kefu.cli.options import GROUP, Command, Config, Data, chosen, examples, reached, texts
from kefu.cli.running import Unusable
from kefu.cli.usage import Misused
from kefu.config import Settings
from kefu.core.errors import Fault
from kefu.core.names import same_name
from kefu.core.text import is_storable

if TYPE_CHECKING:
    from kefu.demo.team import Account
    from kefu.storage.claims import Claim


def _readme() -> Path:
    """Where the documentation begins: a package carries it, a checkout is where it is written."""
    package = Path(kefu.__file__).parent
    carried = package / "docs"
    return (carried if carried.is_dir() else package.parents[1]) / texts("readme")


cli = typer.Typer(help=texts("app"), epilog=examples("documentation", readme=_readme()), **GROUP)
cli.add_typer(agents.agent, name="agent")
cli.add_typer(inboxes.inbox, name="inbox")


MOST_MESSAGES = 2**31 - 1  # what every database counts to

Limit = Annotated[
    int | None, typer.Option(min=1, max=MOST_MESSAGES, metavar="N", help=texts("opt_limit"))
]


@cli.command(cls=Command, help=texts("demo"), epilog=examples("demo_examples"))
def demo(
    host: Annotated[str, typer.Option(metavar="HOST", help=texts("opt_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help=texts("opt_port"))] = 3000,
    classic_port: Annotated[
        int, typer.Option(metavar="PORT", help=texts("opt_classic_port"))
    ] = 3001,
    data: Data = None,
    *,
    empty: Annotated[bool, typer.Option("--empty", help=texts("opt_empty"))] = False,
) -> None:
    """Run with everything on."""
    settings = config.demo(
        host=host,
        port=port,
        classic_port=classic_port,
        data=str(data or ""),
        past=not empty,
        env=config.environment(),
    )
    _run(settings)


@cli.command(cls=Command, help=texts("serve"), epilog=examples("serve_examples"))
def serve(config_file: Config = None) -> None:
    """Run in production."""
    _run(config.load(config_file, config.environment()))


@cli.command(cls=Command, help=texts("history"), epilog=examples("history_examples"))
def history(
    *,
    data: Data = None,
    config_file: Config = None,
    name: Annotated[
        str | None, typer.Option("--with", metavar="NAME", help=texts("opt_with"))
    ] = None,
    limit: Limit = None,
    as_json: Annotated[bool, typer.Option("--json", help=texts("opt_json"))] = False,
) -> None:
    """Print what is stored."""
    from kefu.cli.history import print_history  # as in ``_run``

    if name is not None and not is_storable(name):
        raise Unusable(texts("bad_with"))
    url = chosen(data, config_file).database_url
    print_history(url, texts, name=name and same_name(name), limit=limit, as_json=as_json)


@cli.command(cls=Command, help=texts("backup"), epilog=examples("backup_examples"))
def backup(
    target: Annotated[str, typer.Argument(metavar="DEST", help=texts("arg_dest"))],
    *,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Copy everything that is kept."""
    from kefu.cli.backup import make_backup  # as in ``_run``

    typer.echo(make_backup(chosen(data, config_file), target), err=target == "-")


@cli.command(cls=Command, help=texts("restore"), epilog=examples("restore_examples"))
def restore(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=texts("arg_source"))],
    *,
    replace: Annotated[bool, typer.Option("--replace", help=texts("opt_replace"))] = False,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Put a backup in the place of what is kept."""
    from kefu.cli.backup import restore_backup  # as in ``_run``

    settings = chosen(data, config_file, whole=False)  # it ends a restore that was cut off
    typer.echo(restore_backup(settings, source, replace=replace))


@cli.command(cls=Command, help=texts("widget"), epilog=examples("widget_examples"))
def widget(
    called: Annotated[str, typer.Argument(metavar="INBOX", help=texts("arg_inbox"))],
    *,
    pinned: Annotated[bool, typer.Option("--pinned", help=texts("opt_pinned"))] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help=texts("opt_widget_url"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=texts("opt_widget_json"))] = False,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Print what a web site has to have in its pages."""
    from kefu.cli.snippets import hints, snippet_of  # as in ``_run``

    made = snippet_of(reached(chosen(data, config_file), url), called, pinned=pinned)
    for hint in hints(made):
        typer.echo(hint, err=True)
    typer.echo(made.json() if as_json else made.html())


def _print_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@cli.callback()
def any_command(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help=texts("version")),
    ] = False,
) -> None:
    """What stands before any command."""


@cli.command(cls=Command, help=texts("version"), epilog=examples("version_examples"))
def version() -> None:
    """Print the version."""
    typer.echo(f"kefu {kefu.__version__}")


def _run(settings: Settings) -> None:
    """Serve until a signal. A start that is refused leaves no directory that it made."""
    from kefu.storage.claims import claim_store  # the other commands are quicker without

    storage = settings.storage
    claim = claim_store(
        settings.database_url,
        settings.data_dir,
        lock_wait_s=storage.lock_wait_s,
        statement_s=storage.deadline_s,
    )
    with claim:
        _serve(settings, claim)


def _serve(settings: Settings, claim: Claim) -> None:
    from kefu import app  # as in ``_run``

    running.check_whole(settings.data_dir, texts)
    listeners = running.listen(settings, texts)
    settings = app.with_file_limit(settings, running.raise_file_limit())
    url = running.url_of(settings.server.host, listeners[0])

    def ready(started: app.Started) -> None:
        if settings.demo:
            _tell_demo(settings, url, started.accounts)
        if started.setup_link:
            typer.echo(texts("set_up", link=started.setup_link), err=True)
        running.say_url(settings, url)
        typer.echo(f"ready {url}")  # last: whoever waits for it finds all else said

    try:
        app.run(settings, listeners, ready, claim=claim, home=settings.server.public_url or url)
    finally:
        running.unsay_url(settings)


def _tell_demo(settings: Settings, url: str, accounts: list[Account]) -> None:
    """Say what there is to try, and as whom."""
    from kefu.demo.team import WIDGET_KEY  # as in ``_run``

    if not settings.on_loopback:
        typer.echo(texts("demo_exposed", host=settings.server.host), err=True)
    data = settings.data_dir if settings.keeps_file else config.STORAGE_URL
    typer.echo(texts("open_demo", version=kefu.__version__, data=data), err=True)
    places = {"shop": "/shop", "pages": "", "chat": f"/chat/{WIDGET_KEY}", "api": "/api/v1/docs"}
    for name, path in places.items():
        typer.echo(texts(f"demo_{name}", url=f"{url}{path}"), err=True)
    for one in accounts:
        about = {"role": texts(f"role_{one.role}"), "email": one.email}
        typer.echo(texts("demo_account", password=one.password, **about), err=True)


def run() -> None:
    """The console script."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # not every terminal knows every script
        sys.stdout.reconfigure(errors="replace")
    try:
        code = cli(standalone_mode=False)
    except TyperException as error:  # the help page of a group: all else is ``Misused``
        typer.echo(error.format_message(), err=True)
        sys.exit(2)
    except Misused as error:
        typer.echo(texts("error", message=error), err=True)
        typer.echo(texts("try_help", command=error.command), err=True)
        sys.exit(2)
    except Unusable as error:
        typer.echo(texts("error", message=error), err=True)
        sys.exit(2)
    except Fault as error:
        typer.echo(texts("error", message=texts.fault(error)), err=True)
        sys.exit(error.status)
    except BrokenPipeError:  # whoever read us has enough: `kefu history | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # standard output cannot be written
        typer.echo(texts("error", message=texts.reason(error.strerror or error)), err=True)
        sys.exit(1)
    except typer.Abort:  # Ctrl+C outside the server
        sys.exit(130)
    sys.exit(code or 0)
