"""``kefu agent``: who works at the desk.

Rules: the same rules as everywhere else: these are the server's own commands, done by the operator,
also while it runs. A password is never a word of the command, where other users of the machine
would see it.
Not here: doing it (``cli.staff``).
"""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from kefu.cli.options import GROUP, Command, Config, Data, chosen, examples, reached, texts
from kefu.cli.running import Unusable
from kefu.config import Settings
from kefu.core.actors import AgentRole

agent = typer.Typer(help=texts("agent"), **GROUP)


def _about(key: str) -> dict[str, Any]:
    return {"cls": Command, "help": texts(key), "epilog": examples(f"{key}_examples")}


class _Human(StrEnum):
    AGENT = AgentRole.AGENT
    SUPERVISOR = AgentRole.SUPERVISOR
    ADMIN = AgentRole.ADMIN


_Email = Annotated[str | None, typer.Argument(metavar="EMAIL", help=texts("arg_email"))]
_Who = Annotated[str, typer.Argument(metavar="WHO", help=texts("arg_who"))]
_Role = Annotated[
    AgentRole,
    typer.Option("--role", metavar="ROLE", show_default=False, help=texts("opt_role")),
]
_Inboxes = Annotated[
    list[str] | None, typer.Option("--inbox", metavar="NAME", help=texts("opt_inbox"))
]
_Stdin = Annotated[bool, typer.Option("--password-stdin", help=texts("opt_password_stdin"))]
_Link = Annotated[bool, typer.Option("--link", help=texts("opt_link"))]
_Url = Annotated[str | None, typer.Option("--url", metavar="URL", help=texts("opt_url"))]


@agent.command(**_about("agent_add"))
def add(
    *,
    email: _Email = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=texts("opt_name"))],
    role: _Role = AgentRole.AGENT,
    inbox: _Inboxes = None,
    password_stdin: _Stdin = False,
    link: _Link = False,
    url: _Url = None,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Take somebody into the team."""
    from kefu.cli import staff

    settings = _reached(chosen(data, config_file), url, link=link)
    if (email is None) != (role is AgentRole.BOT):
        raise Unusable(texts("email_but_bots"))
    if email is None and (link or password_stdin):
        raise Unusable(texts("bot_signs_in_nowhere"))
    password = None if email is None else _password(from_stdin=password_stdin, link=link)
    said = staff.add(
        settings, email=email, name=name, role=role, inbox_names=inbox or [], password=password
    )
    typer.echo(said)


@agent.command("list", **_about("agent_list"))
def list_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=texts("opt_agents_json"))] = False,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Print the team."""
    from kefu.cli import staff

    for line in staff.lines(chosen(data, config_file), as_json=as_json):
        typer.echo(line)


@agent.command(**_about("agent_role"))
def role(
    who: _Who,
    role: Annotated[_Human, typer.Argument(metavar="ROLE", help=texts("arg_role"))],
    *,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Change what an agent may do."""
    from kefu.cli import staff

    typer.echo(staff.set_role(chosen(data, config_file), who, AgentRole(role)))


@agent.command(**_about("agent_password"))
def password(
    who: _Who,
    *,
    password_stdin: _Stdin = False,
    link: _Link = False,
    url: _Url = None,
    data: Data = None,
    config_file: Config = None,
) -> None:
    """Set an agent's password."""
    from kefu.cli import staff

    settings = _reached(chosen(data, config_file), url, link=link)
    new = _password(from_stdin=password_stdin, link=link)
    typer.echo(staff.set_password(settings, who, new))


@agent.command(**_about("agent_deactivate"))
def deactivate(who: _Who, *, data: Data = None, config_file: Config = None) -> None:
    """Let an agent go."""
    from kefu.cli import staff

    typer.echo(staff.deactivate(chosen(data, config_file), who))


def _reached(settings: Settings, url: str | None, *, link: bool) -> Settings:
    if url is not None and not link:
        raise Unusable(texts("url_without_link"))
    return reached(settings, url)


def _password(*, from_stdin: bool, link: bool) -> str | None:
    """The password, read without showing it; None: a link is wanted instead."""
    if link:
        if from_stdin:
            raise Unusable(texts("link_or_password"))
        return None
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Unusable(texts("no_terminal"))
    typed = getpass.getpass(texts("password"))
    if getpass.getpass(texts("password_again")) != typed:
        raise Unusable(texts("not_the_same"))
    return typed
