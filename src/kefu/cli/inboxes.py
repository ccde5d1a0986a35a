"""``kefu inbox``: where conversations come in.

Rules: the same rules as everywhere else: these are the server's own commands, done by the operator,
also while it runs. What an inbox has several of is added to and taken from, never replaced.
Not here: doing it (``cli.entrances``).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kefu.cli.options import GROUP, Command, Config, Data, chosen, examples, texts
from kefu.widget.locales import LOCALES

inbox = typer.Typer(help=texts("inbox"), **GROUP)


def _about(key: str) -> dict[str, Any]:
    return {"cls": Command, "help": texts(key), "epilog": examples(f"{key}_examples")}


if TYPE_CHECKING:
    _Locale = StrEnum
else:
    _Locale = StrEnum("_Locale", {locale: locale for locale in LOCALES})


class _Side(StrEnum):
    RIGHT = "right"
    LEFT = "left"


class _Theme(StrEnum):
    HOST = "host"
    LIGHT = "light"
    DARK = "dark"


def _several(name: str, metavar: str, key: str) -> Any:
    return typer.Option(name, metavar=metavar, help=texts(key))


_Inbox = Annotated[str, typer.Argument(metavar="INBOX", help=texts("arg_inbox"))]
_Json = Annotated[bool, typer.Option("--json", help=texts("opt_inboxes_json"))]
_Origins = Annotated[list[str] | None, _several("--origin", "URL", "opt_origin")]
_Agents = Annotated[list[str] | None, _several("--agent", "WHO", "opt_works")]
_Language = Annotated[
    _Locale | None, typer.Option("--locale", metavar="LOCALE", help=texts("opt_locale"))
]


@inbox.command(**_about("inbox_add"))
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=texts("arg_inbox_name"))],
    *,
    origin: _Origins = None,
    agent: _Agents = None,
    locale: _Language = None,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Make an inbox."""
    from kefu.cli import entrances

    settings = chosen(data, config_file)
    wanted = entrances.Wanted(None, locale, origin or (), (), agent or (), ())
    typer.echo(entrances.add(settings, name, wanted))


@inbox.command("list", **_about("inbox_list"))
def list_(*, as_json: _Json = False, data: Data = None, config_file: Config = None) -> None:
    """Print the inboxes."""
    from kefu.cli import entrances

    for line in entrances.lines(chosen(data, config_file), as_json=as_json):
        typer.echo(line)


@inbox.command(**_about("inbox_show"))
def show(
    called: _Inbox, *, as_json: _Json = False, data: Data = None, config_file: Config = None
) -> None:
    """Print one inbox."""
    from kefu.cli import entrances

    typer.echo(entrances.shown(chosen(data, config_file), called, as_json=as_json))


@inbox.command("set", **_about("inbox_set"))
def set_(
    called: _Inbox,
    *,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=texts("opt_new_name"))
    ] = None,
    locale: _Language = None,
    add_origin: Annotated[
        list[str] | None, _several("--add-origin", "URL", "opt_add_origin")
    ] = None,
    remove_origin: Annotated[
        list[str] | None, _several("--remove-origin", "URL", "opt_remove_origin")
    ] = None,
    add_agent: Annotated[list[str] | None, _several("--add-agent", "WHO", "opt_add_agent")] = None,
    remove_agent: Annotated[
        list[str] | None, _several("--remove-agent", "WHO", "opt_remove_agent")
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help=texts("opt_active"))
    ] = None,
    accent: Annotated[
        str | None, typer.Option("--accent", metavar="COLOR", help=texts("opt_accent"))
    ] = None,
    position: Annotated[
        _Side | None, typer.Option("--position", metavar="SIDE", help=texts("opt_position"))
    ] = None,
    theme: Annotated[
        _Theme | None, typer.Option("--theme", metavar="THEME", help=texts("opt_theme"))
    ] = None,
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help=texts("opt_logo"))
    ] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help=texts("opt_no_logo"))] = False,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Change an inbox."""
    from kefu.cli import entrances

    wanted = entrances.Wanted(
        name,
        locale,
        add_origin or (),
        remove_origin or (),
        add_agent or (),
        remove_agent or (),
        active,
        accent,
        position,
        theme,
        logo,
        no_logo or None,
    )
    typer.echo(entrances.change(chosen(data, config_file), called, wanted))
