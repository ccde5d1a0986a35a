"""What every command is made of: its help in the reader's language, and options that many share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace
from typer.core import TyperCommand, TyperGroup

from kefu import config
from kefu.cli.running import Unusable
from kefu.cli.texts import Texts
from kefu.config import Settings, Storage

texts = Texts(config.environment())


class Command(TyperCommand):
    """A command whose help page is in the reader's language."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        return texts.help(super().get_help(ctx))


class Group(TyperGroup):
    """The same for a group of commands."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        return texts.help(super().get_help(ctx))


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


def examples(key: str) -> str:
    """The end of a help page."""
    return "\b\n" + texts(key).replace("\n\n", "\n")


def chosen(data: Path | None, config_file: Path | None) -> Settings:
    """The settings of the store that the options mean. Raises Unusable, ConfigError."""
    if data and config_file:
        raise Unusable(texts("data_or_config"))
    settings = config.load(config_file, config.environment())
    return replace(settings, storage=Storage(data=str(data))) if data else settings
