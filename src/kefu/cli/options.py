"""What every command is made of: its help in the reader's language, and options that many share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from kefu import config
from kefu.cli import usage
from kefu.cli.running import Unusable, check_whole
from kefu.cli.texts import Texts
from kefu.config import Settings, Storage
from kefu.core.text import visible
from kefu.net.origins import BadOrigin, normal_home

texts = Texts(config.environment())


class Command(TyperCommand):
    """A command that speaks the reader's language, on its help page and of words that are wrong."""

    allow_extra_args = True  # else Typer says what it thinks of them

    def __init__(self, *words: Any, **about: Any) -> None:
        super().__init__(*words, **about)
        for one in self.params:
            _shape(one)

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        return texts.help(super().get_help(ctx))

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        with _own_words(ctx):
            extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            raise usage.extra_words(ctx, extra, texts)
        return extra


def _shape(parameter: Any) -> None:
    """Let a help page write an argument as all else does: INBOX, not ``INBOX <str>``."""
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = lambda ctx: None
        if parameter.required:
            parameter.get_usage_pieces = lambda ctx: [parameter.metavar]


class Group(TyperGroup):
    """The same for a group of commands."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        return texts.help(super().get_help(ctx))

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        with _own_words(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        if args[0] not in self.commands:
            raise usage.unknown_command(ctx, args[0], self.commands, texts)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        with _own_words(ctx):
            return super().invoke(ctx)


@contextmanager
def _own_words(ctx: typer.Context) -> Iterator[None]:
    """Raises Misused for what Typer raises."""
    try:
        yield
    except TyperException as error:
        if usage.is_help(error):
            raise
        raise usage.fault_of(error, ctx, texts) from None


GROUP: dict[str, Any] = {
    "cls": Group,
    "add_completion": False,
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,  # they would print local variables: tokens, texts
    "context_settings": {"help_option_names": ["-h", "--help"]},
}

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help=texts("opt_config"))]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help=texts("opt_data"))]


def examples(key: str, **values: object) -> str:
    """The end of a help page."""
    return "\b\n" + texts(key, **values).replace("\n\n", "\n")


def chosen(data: Path | None, config_file: Path | None, *, whole: bool = True) -> Settings:
    """The settings of the store that the options mean.

    ``whole``: only one that no restore has left half. Raises Unusable, ConfigError.
    """
    if data and config_file:
        raise Unusable(texts("data_or_config"))
    settings = config.load(config_file, config.environment())
    if data:
        settings = replace(settings, storage=Storage(data=str(data)))
    if whole:
        check_whole(settings.data_dir, texts)
    return settings


def reached(settings: Settings, url: str | None) -> Settings:
    """The settings of a server that browsers reach at ``url``, if it is said. Raises Unusable."""
    if url is None:
        return settings
    try:
        url = normal_home(url.removesuffix("/"))
    except BadOrigin as error:
        raise Unusable(texts("bad_url", url=visible(url), reason=texts.reason(error))) from None
    return replace(settings, server=replace(settings.server, public_url=url))
